// The archive after the term: an officer hands in the dossiers of a year, holds one back and proposes the rest, a leader
// approves, and what is left of a dossier says by which decision its papers were destroyed. In this city a term is one
// year and an approved list does not wait.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { follow, look, person, says, withBrowser, words } from './browser.mjs';
import { LONG, WARD, withCity } from './city.mjs';
import { desk } from './office.mjs';
import { word } from './words.mjs';

const vi = (key, given) => word('vi', key, given);

/** Two years of a quiet ward. */
const QUIET = [
  ['residents', '--count', '60', '--accounts', '40'],
  ['dossiers', '--count', '90', '--days', '720', '--unit', WARD],
];

const year = new Date().getFullYear() - 2;

/** The city's folder with short terms. */
async function folder() {
  const to = await mkdtemp(join(tmpdir(), 'songhan-folder-'));
  await cp(fileURLToPath(new URL('../../city/danang', import.meta.url)), to, { recursive: true });
  const file = join(to, 'retention.toml');
  const text = (await readFile(file, 'utf8'))
    .replaceAll('permanent = true\n', 'years = 1\n')
    .replaceAll(/^years = \d+$/gm, 'years = 1')
    .replace('from = "year"', 'from = "day"')
    .replace('days = 7', 'days = 0');
  await writeFile(file, text);
  return to;
}

/** Presses the button with these words. */
async function press(page, text) {
  await follow(page, page.locator('main button').filter({ hasText: text }));
}

/** Loads the page again until it says something. */
async function until(page, text) {
  for (let again = 0; again < 240; again += 1) {
    if ((await words(page)).includes(text)) return;
    await page.waitForTimeout(500);
    await page.reload();
  }
  assert.fail(`${page.url()} never said ${text}:\n${await words(page)}`);
}

/** The officer: finds what has ended, hands a year in, holds one dossier back, proposes the rest. */
async function officer(browser, at) {
  const visitor = await desk(browser, 'officer', WARD, { at, walk: 'archive', scripts: false });
  const { page } = visitor;
  await page.goto('/office/archive');
  await until(page, `${year}`);
  await page.goto(`/office/archive?unit=${WARD}&view=due&year=${year}`);
  await look(visitor, 'due');
  await press(page, vi('archive-hand-in-all', { year: String(year) }));
  await says(page, vi('archive-inventory'));
  await until(page, vi('archive-record-pdf'));
  await look(visitor, 'batch');

  await page.goto(`/office/archive?unit=${WARD}&view=over`);
  await look(visitor, 'over');
  const links = page.locator('main tbody th a');
  assert.ok((await links.count()) > 1, await words(page));
  const kept = (await links.first().innerText()).trim();
  await follow(page, links.first());
  const hold = page.locator('main form[action$="/hold"]');
  await hold.locator('textarea').fill('Người nộp hồ sơ đang khiếu nại');
  await follow(page, hold.locator('button'));
  await says(page, 'Người nộp hồ sơ đang khiếu nại');
  await look(visitor, 'held');

  await page.goto(`/office/archive?unit=${WARD}&view=over`);
  assert.ok(!(await words(page)).includes(kept), 'what is held back is on no list');
  const gone = (await links.first().innerText()).trim();
  await press(page, vi('archive-propose-all'));
  await says(page, vi('archive-disposal-proposed'));
  assert.equal(await page.locator('main button').filter({ hasText: vi('archive-approve') }).count(), 0, 'four eyes');
  const list = new URL(page.url()).pathname;
  await look(visitor, 'proposed');
  await visitor.leave();
  return { list, kept, gone };
}

/** The leader approves; a moment later it is carried out. */
async function leader(browser, at, list) {
  const visitor = await desk(browser, 'leader', WARD, { at, walk: 'archive', scripts: false });
  const { page } = visitor;
  await page.goto(list);
  await look(visitor, 'decide');
  await press(page, vi('archive-approve'));
  await until(page, vi('archive-disposal-done'));
  await look(visitor, 'done');
  await visitor.leave();
}

test('the papers of a dossier whose term is over are destroyed by decision', LONG, async () => {
  const city = await folder();
  try {
    await withCity(QUIET, (at) => withBrowser(async (browser) => {
      const { list, kept, gone } = await officer(browser, at);
      await leader(browser, at, list);
      const visitor = await desk(browser, 'officer', WARD, { at, walk: 'archive', scripts: false });
      const { page } = visitor;
      await page.goto(`/office/dossiers/${gone}`);
      await says(page, vi('services-destroyed-name'));
      await look(visitor, 'dossier');
      await page.goto(`/office/dossiers/${kept}`);
      assert.ok(!(await words(page)).includes(vi('services-destroyed-name')), 'what was held back is whole');
      await visitor.leave();
      const anyone = await person(browser, { at, walk: 'archive', scripts: false });
      await anyone.page.goto(`/track/${gone}`);
      await says(anyone.page, 'QĐ-TH-UBND');
      await look(anyone, 'track');
      await anyone.page.goto(`/track/${gone}?lang=en`);
      await anyone.leave();
    }), city);
  } finally {
    await rm(city, { recursive: true, force: true });
  }
});
