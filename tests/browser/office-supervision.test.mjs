// Supervision: everyone sees the figures, from the city to a ward and a field; a leader goes on to the dossiers of the own
// ward, and to no others; an administrator sees figures alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, person, says, withBrowser, words } from './browser.mjs';
import { BUSY, LONG, WARD, withCity } from './city.mjs';
import { desk } from './office.mjs';
import { word } from './words.mjs';

const vi = (key, given) => word('vi', key, given);

/** Follows the link of a row in the table of that name, the first one or the one that leads there. */
async function into(page, title, part = '') {
  const section = page.locator('main section').filter({ has: page.locator('h2', { hasText: new RegExp(`^${title}$`) }) });
  const link = section.locator(part ? `tbody th a[href*="${part}"]` : 'tbody th a').first();
  const name = (await link.innerText()).trim();
  await follow(page, link);
  await says(page, name);
  return name;
}

/** From the city down to a field of a ward, and up again. */
async function drills(visitor) {
  const { page } = visitor;
  // The leader's page of the city is the public one, with what is due soon; a page so long is looked at once.
  if (!visitor.scripts) await look(visitor, 'city');
  const city = await received(page);
  assert.ok(city > 0, 'dossiers came in');
  await into(page, vi('supervision-by-unit'), `unit=${WARD}`);
  const ward = await received(page);
  assert.ok(ward > 0 && ward < city, `${ward} of ${city} came in at the ward`);
  await look(visitor, 'unit');
  await into(page, vi('supervision-by-field'));
  const field = await received(page);
  assert.ok(field > 0 && field <= ward, `${field} of ${ward} are of the field`);
}

/** The first of the large figures. */
async function received(page) {
  return Number((await page.locator('main .stat__value').first().innerText()).replace(/\D/g, ''));
}

async function everyone(browser, at) {
  const visitor = await person(browser, { at, scripts: false, walk: 'supervision' });
  const { page } = visitor;
  await page.goto('/supervision');
  await drills(visitor);
  const links = await page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.deepEqual(links.filter((link) => link.startsWith('/office')), [], 'nothing of the office');
  assert.ok(!(await page.content()).includes('(mô phỏng)'), 'nobody is named');
  await follow(page, page.locator('main a').filter({ hasText: vi('supervision-wider') }));
  await visitor.leave();
}

async function leader(browser, at) {
  const visitor = await desk(browser, 'leader', WARD, { at, walk: 'office-supervision' });
  const { page } = visitor;
  await page.goto('/office/supervision');
  await drills(visitor);
  await follow(page, page.locator('main a').filter({ hasText: vi('supervision-see-dossiers') }));
  await look(visitor, 'dossiers');
  const link = page.locator('main tbody th a').first();
  const code = (await link.innerText()).trim();
  await follow(page, link);
  await says(page, code);

  await page.goto('/office/supervision?unit=ubnd-an-hai');
  assert.equal(await page.locator('main a').filter({ hasText: vi('supervision-see-dossiers') }).count(), 0);
  const other = await page.goto('/office/supervision/dossiers?unit=ubnd-an-hai');
  assert.equal(other.status(), 404, "another ward's dossiers are not told of");
  await visitor.leave();
}

async function administrator(browser, at) {
  const visitor = await desk(browser, 'administrator', undefined, { at });
  const { page } = visitor;
  await page.goto(`/office/supervision?unit=${WARD}`);
  assert.ok((await words(page)).includes(vi('supervision-by-field')));
  assert.equal(await page.locator('main a').filter({ hasText: vi('supervision-see-dossiers') }).count(), 0);
  const list = await page.goto(`/office/supervision/dossiers?unit=${WARD}`);
  assert.equal(list.status(), 403, 'figures, not dossiers');
  await visitor.leave();
}

test('supervision from the city to a dossier, each as far as their right goes', LONG, () =>
  withCity(BUSY, (at) =>
    withBrowser(async (browser) => {
      await everyone(browser, at);
      await leader(browser, at);
      await administrator(browser, at);
    })));
