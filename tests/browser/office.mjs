// What those who handle a dossier do, and those who only check: officer, leader, a stranger with a code or a file.
import assert from 'node:assert/strict';
import { follow, look, person, says, words } from './browser.mjs';
import { mainForm } from './form.mjs';
import { signIn, someone } from './people.mjs';
import { state, word } from './words.mjs';

/** Somebody of the office at their desk. */
export async function desk(browser, role, unit, options) {
  const visitor = await person(browser, { ...options, device: 'desktop' });
  await signIn(visitor, someone(role, unit));
  return visitor;
}

/** Opens the dossier from the inbox, where it must wait; found by its code, for others may wait there too. */
export async function open(visitor, code, name) {
  const { page } = visitor;
  await page.goto('/office');
  await look(visitor, `${name}-inbox`);
  await search(page, code);
  await follow(page, page.locator('main td a, main th a').filter({ hasText: code }));
  await says(page, code);
}

/** Types something into the search of the inbox. */
export async function search(page, text) {
  const box = page.locator('main [role=search] input');
  await box.fill(text);
  await follow(page, () => box.press('Enter'));
}

/** What the desk may do now. */
export async function actions({ page }) {
  const forms = await page.locator('main form[action*="/actions/"]').evaluateAll((all) => all.map((form) => form.action));
  return forms.map((action) => action.split('/').at(-1));
}

/** The form of an action; the one with a note is folded away. */
async function formOf({ page }, action, withNote) {
  const path = `form[action$="/actions/${action}"]`;
  if (!withNote) return page.locator(`main ${path}`).first();
  const folded = page.locator('main details:not([open])').filter({ has: page.locator(path) });
  if ((await folded.count()) > 0) await folded.locator('summary').click();
  return page.locator(`main details ${path}`);
}

/** Does one thing to the open dossier, with a note where one is given, and sees the state that follows. */
export async function act(visitor, action, next, note = '') {
  const { page, language } = visitor;
  const form = await formOf(visitor, action, note !== '');
  if (note) await form.locator('textarea').fill(note);
  await follow(page, form.locator('button'));
  await says(page, state(language, next));
}

/** An action that needs a note is refused without one, and says so beside the box. */
export async function refusedWithoutNote(visitor, action) {
  const { page, language } = visitor;
  const form = await formOf(visitor, action, true);
  await follow(page, form.locator('button'));
  await says(page, word(language, 'office-error-note'));
}

/** Waits for what the house does by itself. */
export async function until(visitor, id) {
  const { page, language } = visitor;
  const name = state(language, id);
  for (let again = 0; again < 60; again += 1) {
    if ((await words(page)).includes(name)) return;
    await page.waitForTimeout(500);
    await page.reload();
  }
  assert.fail(`${page.url()} never came to ${id}`);
}

/** What anyone sees who has only the code: where it stands, and no name. */
export async function track(visitor, code, id, name) {
  const { page, language } = visitor;
  await page.goto('/track');
  await look(visitor, 'track-box');
  const box = page.locator('main [role=search] input');
  await box.fill(code.toLowerCase());
  await follow(page, () => box.press('Enter'));
  await says(page, state(language, id));
  assert.ok(!(await page.content()).includes(name), 'tracking by code alone tells a name');
  await look(visitor, 'track');
  await page.goto('/track/000.00.15.H17-200101-9999');
  await says(page, word(language, 'services-track-none', { code: '000.00.15.H17-200101-9999' }));
}

/** Anyone who got the file checks it: it is known, it is the one that was issued, and a changed one is not. */
export async function verify(visitor, link, file) {
  const { page, language } = visitor;
  await page.goto('/verify');
  await look(visitor, 'verify-box');
  const box = page.locator('main [role=search] input');
  await box.fill(link);
  await follow(page, () => box.press('Enter'));
  await says(page, word(language, 'verify-valid'));
  await look(visitor, 'verify');
  const changed = { ...file, buffer: Buffer.concat([file.buffer, Buffer.from('\n')]) };
  for (const [compared, key] of [[file, 'verify-same'], [changed, 'verify-other']]) {
    const form = mainForm(page);
    await form.locator('input[type=file]').setInputFiles(compared);
    await follow(page, form.locator('button'));
    await says(page, word(language, key));
    await look(visitor, key);
  }
  await page.goto('/verify/01890a5d-ac96-774b-bcce-b302099a8057');
  await says(page, word(language, 'verify-unknown'));
  await look(visitor, 'verify-unknown');
}
