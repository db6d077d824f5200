// One's rights over one's data, without JavaScript: who read it and why, all of it in one file, and a name put right
// after an administrator compared it with the identity card.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, person, says, withBrowser, words } from './browser.mjs';
import { mainForm, send } from './form.mjs';
import { newcomer, register, signIn, someone } from './people.mjs';
import { LONG, WARD, handIn, isReadable, officerAt } from './walks.mjs';
import { word } from './words.mjs';

const RIGHT = 'Đỗ Thị Thanh Hằng';
const WRONG = 'Đỗ Thị Thanh Hàng';

async function reads(visitor, code) {
  const { page } = visitor;
  await page.goto('/account');
  await follow(page, page.locator('main a[href="/account/reads"]'));
  const officer = someone('officer', WARD);
  await says(page, officer.name);
  assert.ok((await words(page)).includes(code), 'why: the dossier');
  await look(visitor, 'reads');
  await isReadable(visitor);
}

async function takesAlong(visitor, code, { email }) {
  const { page } = visitor;
  await page.goto('/account/export');
  await look(visitor, 'export');
  const link = page.locator('main a[href="/account/export.json"]');
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  assert.match(file.suggestedFilename(), /\.json$/);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  const text = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  for (const part of [email, code, WRONG]) assert.ok(text.includes(part), `${part} is in the file`);
}

async function asks(visitor) {
  const { page } = visitor;
  await page.goto('/account');
  await follow(page, page.locator('main a[href="/account/corrections"]').first());
  const form = mainForm(page);
  await follow(page, form.locator('.actions button').first());
  assert.ok((await page.locator('.field-error').count()) === 3, 'the empty form tells what is missing');
  await look(visitor, 'corrections-errors');
  await form.locator('input[name=field][value=name]').check({ force: true });
  await form.locator('[name=wanted]').fill(RIGHT);
  await form.locator('[name=reason]').fill('Thẻ căn cước ghi “Hằng”, tôi gõ thiếu dấu khi đăng ký.');
  await send(page, form);
  await says(page, word('vi', 'identity-correction-open'));
  await look(visitor, 'corrections');
}

/** The administrator agrees. */
async function agrees(browser) {
  const visitor = await person(browser, { device: 'desktop', scripts: false, walk: 'rights-admin' });
  await signIn(visitor, someone('administrator'));
  const { page } = visitor;
  await page.goto('/admin/corrections');
  await look(visitor, 'corrections');
  const form = page.locator('main form', { has: page.locator('[name=answer]') }).last();
  await form.locator('[name=answer]').fill('Đã đối chiếu với Cơ sở dữ liệu quốc gia về dân cư.');
  await follow(page, form.locator('button[value=yes]'));
  await says(page, word('vi', 'identity-done-decided'));
  await visitor.leave();
}

async function rights(browser) {
  const visitor = await person(browser, { scripts: false, walk: 'rights' });
  const { page } = visitor;
  const hang = { ...newcomer(), name: WRONG };
  await page.goto('/sign-in');
  await register(visitor, hang, (name) => look(visitor, name));
  await page.goto('/account/reads');
  await says(page, word('vi', 'identity-reads-none'));
  await look(visitor, 'reads-none');
  const code = await handIn(visitor, 'xac-nhan-thong-tin-cu-tru');
  await (await officerAt(browser, code)).leave();
  await reads(visitor, code);
  await takesAlong(visitor, code, hang);
  await asks(visitor);
  await agrees(browser);
  await page.goto('/account/corrections');
  await says(page, word('vi', 'identity-correction-accepted'));
  await look(visitor, 'corrections-answered');
  await page.goto('/account');
  await says(page, RIGHT);
  await look(visitor, 'account');
  await visitor.leave();
}

test('who read my data, all of mine, a correction; without JavaScript', LONG, () => withBrowser(rights));
