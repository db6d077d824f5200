// The register of who signs or works in whose place: its keeper enters one, is told what is missing, ends it; others do
// not see it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, says, withBrowser } from './browser.mjs';
import { mainForm } from './form.mjs';
import { desk } from './office.mjs';
import { someone } from './people.mjs';
import { word } from './words.mjs';

const WARD = 'ubnd-hai-chau';
const PAPER = '12/QĐ-UBND';
const vi = (key, given) => word('vi', key, given);

const soon = () => {
  const day = new Date(Date.now() + 30 * 86_400_000);
  return { day: String(day.getDate()), month: String(day.getMonth() + 1), year: String(day.getFullYear()) };
};

async function gives(visitor) {
  const { page } = visitor;
  await page.goto('/office/delegations');
  await look(visitor, 'before');
  await follow(page, page.locator('main a[href^="/office/delegations/new"]'));
  // Nothing filled in: every error at once, beside its box.
  await follow(page, mainForm(page).locator('.actions button'));
  assert.ok((await page.locator('.field-error').count()) >= 1, 'the empty form tells what is missing');
  await look(visitor, 'errors');
  const form = mainForm(page);
  await form.locator('[name=kind][value=tuq]').check({ force: true });
  await form.locator('[name=receiver]').selectOption({ label: someone('officer', WARD).name });
  await form.locator('[name=fields]').first().check({ force: true });
  await form.locator('[name=document]').fill(PAPER);
  for (const [part, value] of Object.entries(soon())) await form.locator(`[name=until-${part}]`).fill(value);
  await look(visitor, 'form');
  await follow(page, form.locator('.actions button'));
  await says(page, vi('identity-done-delegated'));
  await says(page, PAPER);
  await look(visitor, 'register');
}

async function ends(visitor) {
  const { page } = visitor;
  const entry = page.locator('main li').filter({ hasText: PAPER }).filter({ has: page.locator('form') });
  await follow(page, entry.first().locator('form button'));
  await says(page, vi('identity-done-delegation-ended'));
  assert.equal(await entry.count(), 0, 'what has ended cannot be ended again');
  await says(page, PAPER);
  await look(visitor, 'ended');
}

test('the register of delegations', { timeout: 600_000 }, () =>
  withBrowser(async (browser) => {
    const leader = await desk(browser, 'leader', WARD, { scripts: false, walk: 'delegation' });
    await gives(leader);
    const officer = await desk(browser, 'officer', WARD);
    const closed = await officer.page.goto('/office/delegations');
    assert.equal(closed.status(), 403, 'officers do not keep the register');
    await officer.leave();
    await ends(leader);
    await leader.leave();
  }));
