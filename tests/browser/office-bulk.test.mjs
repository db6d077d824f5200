// Many dossiers at once, without JavaScript: the whole page is ticked, one thing is done to all, and the answer says of
// each what became of it; the leader gives several to an officer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, says, withBrowser, words } from './browser.mjs';
import { BUSY, LONG, WARD, withCity } from './city.mjs';
import { desk } from './office.mjs';
import { someone } from './people.mjs';
import { word } from './words.mjs';

const vi = (key, given) => word('vi', key, given);
const boxes = (page) => page.locator('main input[name=dossier]');
const ticked = (page) => page.locator('main input[name=dossier]:checked');

/** Chooses what to do and does it; the answer of each dossier: [code, what became of it, now or why not]. */
async function run(visitor, action) {
  const { page } = visitor;
  await page.locator('select[name=action]').selectOption(action);
  await follow(page, page.locator('form[action="/office/bulk"] button'));
  const rows = await page.locator('main tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('th > a, th, td > div').evaluateAll((all) => all.map((one) => one.innerText.trim()))));
}

/** The page of the inbox whole, by the link that ticks it. */
async function tickAll({ page }) {
  await follow(page, page.locator('main a').filter({ hasText: vi('bulk-tick') }));
  const all = await boxes(page).count();
  assert.ok(all > 10, `only ${all} dossiers wait`);
  assert.equal(await ticked(page).count(), all, 'every box of the page is ticked');
  return all;
}

async function officer(browser, at) {
  const visitor = await desk(browser, 'officer', WARD, { at, scripts: false, walk: 'bulk' });
  const { page } = visitor;
  await page.goto('/office');
  await look(visitor, 'inbox');
  const all = await tickAll(visitor);
  await look(visitor, 'ticked');
  const rows = await run(visitor, 'propose');
  assert.equal(rows.length, all, 'each has its answer');
  const done = rows.filter((row) => row.includes(vi('bulk-result-done')));
  const refused = rows.filter((row) => row.includes(vi('bulk-result-refused')));
  assert.ok(done.length > 0 && done.length + refused.length === all, `${done.length} done, ${refused.length} refused`);
  for (const row of refused) assert.ok(row.at(-1).length > 5, `${row} says why not`);
  await look(visitor, 'done');

  // The same page again, where it was left; nothing is ticked any more.
  await follow(page, page.locator('main a').filter({ hasText: vi('bulk-back') }));
  assert.equal(await ticked(page).count(), 0);
  await follow(page, page.locator('form[action="/office/bulk"] button'));
  await says(page, vi('bulk-none'));
  await look(visitor, 'none');
  await visitor.leave();
  return done.length;
}

async function leader(browser, at, proposed) {
  const visitor = await desk(browser, 'leader', WARD, { at, scripts: false, walk: 'bulk' });
  const { page } = visitor;
  await page.goto('/office');
  assert.ok((await boxes(page).count()) >= Math.min(proposed, 25), 'what was proposed waits for the signature');
  await page.goto('/office?view=open');
  // By their labels, as a hand does: the bar below the list may lie over a box.
  for (const n of [0, 1, 2]) await page.locator('main tbody label').nth(n).click();
  assert.equal(await ticked(page).count(), 3);
  const { name } = someone('officer', WARD);
  const rows = await run(visitor, { label: vi('bulk-assign', { name }) });
  assert.equal(rows.length, 3);
  for (const row of rows) assert.ok(row.includes(vi('bulk-result-done')) && row.includes(name), `${row}`);
  await says(page, vi('bulk-all-done', { done: 3 }));
  await look(visitor, 'assigned');
  await visitor.leave();
  return rows.map(([code]) => code);
}

async function theirs(browser, at, codes) {
  const visitor = await desk(browser, 'officer', WARD, { at });
  const { page } = visitor;
  await page.goto('/office?view=mine');
  const shown = await words(page);
  for (const code of codes) assert.ok(shown.includes(code.split('\n')[0]), `${code} stands on the officer's desk`);
  await visitor.leave();
}

test('many dossiers at once, without JavaScript', LONG, () =>
  withCity(BUSY, (at) =>
    withBrowser(async (browser) => {
      const proposed = await officer(browser, at);
      await theirs(browser, at, await leader(browser, at, proposed));
    })));
