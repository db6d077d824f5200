// What the residents' longer walks share: applying with an account that is signed in, the office's part in brief, and
// the papers that come back, read as text.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { follow, look, person, says, words } from './browser.mjs';
import { paper, send } from './form.mjs';
import { act, desk, open, until } from './office.mjs';
import { signIn } from './people.mjs';
import { screen, submit } from './resident.mjs';
import { word } from './words.mjs';

export const WARD = 'ubnd-hai-chau';
/** The whole of a walk, on a busy machine too. */
export const LONG = { timeout: 1_200_000 };
const SCREENS_MAX = 40;

/** A rented room, for the registration of temporary residence: 7.000 đ online. */
export const ROOM = {
  whom: 'self',
  others: 'no',
  home_kind: 'rent',
  home_address: 'Phòng 3, số 45 đường Trưng Nữ Vương, tổ 21',
  owner_name: 'Phan Thị Mỹ Dung',
  owner_phone: '0900000177',
  ...dateFields('stay_from', 0),
  ...dateFields('stay_until', 365),
  stay_reason: 'work',
  home_papers: paper('hợp đồng thuê phòng.pdf'),
  group: 'none',
};

const path = (page) => new URL(page.url()).pathname;

/** A resident at their phone, signed in, without scripts; their pages are named after the walk. */
export async function resident(browser, someone, walk) {
  const visitor = await person(browser, { scripts: false, walk });
  await signIn(visitor, someone);
  return visitor;
}

/** From the procedure's page to the review, for oneself or for the person named. */
export async function fillIn(visitor, name, known = {}, { forWhom } = {}) {
  const { page } = visitor;
  await page.goto(`/procedures/${name}`);
  await look(visitor, 'procedure');
  await follow(page, page.locator('main a[href$="/apply"]'));
  for (let n = 0; !path(page).endsWith('/review'); n += 1) {
    assert.ok(n < SCREENS_MAX, `no review after ${n} screens; the last was ${page.url()}`);
    if (forWhom && path(page).endsWith('/for-whom')) await choose(visitor, forWhom);
    else await screen(visitor, { unit: WARD, ...known });
  }
  if (forWhom) await says(page, forWhom);
  await look(visitor, 'review');
}

/** From the procedure's page to the receipt. Returns the dossier's code. */
export async function handIn(visitor, name, known = {}, options = {}) {
  await fillIn(visitor, name, known, options);
  const code = await submit(visitor);
  await look(visitor, 'receipt');
  return code;
}

/** Whose dossier it is. */
async function choose(visitor, name) {
  const { page } = visitor;
  await page.locator('main label', { hasText: name }).first().click();
  await look(visitor, 'for-whom');
  await send(page);
}

/** Their page of the dossier, opened anew: browsers without scripts do not learn of changes. */
export async function sees(visitor, code, text, name) {
  const { page } = visitor;
  await page.goto(`/dossiers/${code}`);
  await says(page, text);
  await look(visitor, name);
}

/** An officer of the ward at the dossier. */
export async function officerAt(browser, code, unit = WARD) {
  const officer = await desk(browser, 'officer', unit, { scripts: false });
  await open(officer, code, 'office');
  return officer;
}

/** Promises a later day and says sorry. */
export async function extend(officer, day, note) {
  const { page, language } = officer;
  const details = page.locator('main details').filter({ has: page.locator('form[action$="/actions/extend"]') });
  await details.locator('summary').click();
  const form = details.locator('form');
  await form.locator('textarea').fill(note);
  await form.locator('input[name=extension]').fill(day);
  await follow(page, form.locator('button'));
  await says(page, word(language, 'office-extended', { times: 1 }));
}

/** From where it is to the signed result: officer and leader, each at their desk. */
export async function decide(browser, officer, code, unit = WARD) {
  await act(officer, 'propose', 'awaiting_signature');
  const leader = await desk(browser, 'leader', unit, { scripts: false });
  await open(leader, code, 'leader');
  await follow(leader.page, leader.page.locator('main form[action$="/actions/sign"] button').first());
  await until(leader, 'done');
  await leader.leave();
}

/** Opens the page anew, which without scripts does not change by itself, until it holds what the house is to add. */
export async function appears({ page }, path, there) {
  await page.goto(path);
  for (let again = 0; (await there.count()) === 0; again += 1) {
    assert.ok(again < 120, `${page.url()} never shows ${there}`);
    await page.waitForTimeout(500);
    await page.goto(path);
  }
}

/** They are told, in these words. */
export async function told(visitor, key, given) {
  await appears(visitor, '/notices', visitor.page.getByText(word('vi', key, given)).first());
  await look(visitor, 'notices');
}

/** The text of a paper that the office issued about the dossier, as `pdftotext` reads the signed PDF. */
export const paperText = (visitor, code, key) => paperNamed(visitor, code, word('vi', key));

/** The same of any signed paper of the dossier, by its name. */
export async function paperNamed(visitor, code, name) {
  const { page } = visitor;
  const link = page.locator('main ul.files a', { hasText: name }).last();
  await appears(visitor, `/dossiers/${code}`, link);
  const answer = await page.request.get(await link.getAttribute('href'));
  assert.equal(answer.status(), 200);
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  const pdf = await answer.body();
  assert.ok(pdf.subarray(0, 5).equals(Buffer.from('%PDF-')) && pdf.includes('/ByteRange'), 'a signed PDF');
  const folder = await mkdtemp(join(tmpdir(), 'songhan-paper-'));
  try {
    const file = join(folder, 'paper.pdf');
    await writeFile(file, pdf);
    const { stdout } = await promisify(execFile)('pdftotext', ['-layout', file, '-']);
    return stdout.replace(/\s+/g, ' ').normalize('NFC');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nothing of an English page, of a template or of a program stands where a resident reads. */
export async function isReadable({ page }) {
  const text = await words(page);
  assert.doesNotMatch(text, /\b(undefined|null|none|true|false)\b|\{\{|services-|identity-/, page.url());
}

/** The three boxes of a date so many days from now. */
export function dateFields(name, days) {
  const [year, month, day] = dayIn(days).parts;
  return { [`${name}-year`]: String(year), [`${name}-month`]: String(month), [`${name}-day`]: String(day) };
}

/** The day so many days from now, as a date box takes it and as it is written. */
export function dayIn(days) {
  const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return { iso: day, parts: day.split('-').map(Number), words: day.split('-').reverse().join('/') };
}

