// At the counter: someone draws a number, is called, hands over an identity card and papers, pays, and goes home with a
// receipt. No account is needed; the officer types as little as there is to type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomInt } from 'node:crypto';
import { follow, look, person, says, withBrowser, words } from './browser.mjs';
import { fill, mainForm, paper, send } from './form.mjs';
import { desk, open } from './office.mjs';
import { money, word } from './words.mjs';

const WARD = 'ubnd-hai-chau';
const WALK = 'counter';
const PROCEDURE = 'Cấp bản sao trích lục hộ tịch';
const FEE = 8000;
const NAME = 'Đỗ Thị Mười';
const CODE = /\b\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4}\b/;
const vi = (key, given) => word('vi', key, given);

/** What the code on the card of a woman born in 1990 says: number, old number, name, day of birth, sex, home, day of issue. */
function card() {
  const number = `048190${String(randomInt(1_000_000)).padStart(6, '0')}`;
  return `${number}|201234567|${NAME}|01021990|Nữ|Tổ 12, phường Hải Châu, thành phố Đà Nẵng|10052021`;
}

/** Draws a number as one who is called first. */
async function draws(visitor) {
  const { page } = visitor;
  await page.goto(`/queue/${WARD}`);
  await look(visitor, 'queue');
  await page.locator('main summary').first().click();
  await page.locator('input[name=priority][value=elderly]').check({ force: true });
  await follow(page, page.locator('button[name=service]').first());
  await look(visitor, 'ticket');
  return (await page.locator('.queue-number').innerText()).trim();
}

async function calls(officer, number) {
  const { page } = officer;
  await page.goto('/office/queue');
  await page.locator('input[name=desk]').fill('');
  await follow(page, page.locator('form[action$="/call"] button'));
  await says(page, vi('queue-desk-wrong'));
  await page.locator('input[name=desk]').fill('Quầy 3');
  await follow(page, page.locator('form[action$="/call"] button'));
  assert.equal((await page.locator('.queue-number').first().innerText()).trim(), number, 'who has priority comes first');
  await look(officer, 'desk');
}

/** The card is scanned: the scanner types its code and presses Enter. */
async function scans(officer) {
  const { page } = officer;
  await follow(page, page.locator('main a[href^="/office/intake?ticket="]').first());
  await page.locator('main [role=search] input[name=q]').fill('ban sao trich luc');
  await follow(page, () => page.locator('main [role=search] input[name=q]').press('Enter'));
  await look(officer, 'search');
  await follow(page, page.locator('main a').filter({ hasText: PROCEDURE }).first());
  await look(officer, 'start');
  await send(page);
  const scan = page.locator('input[name=card]');
  for (const [code, said] of [['không phải thẻ', 'counter-error-card'], [card(), 'counter-scanned']]) {
    await scan.fill(code);
    await follow(page, () => scan.press('Enter'));
    await says(page, vi(said));
  }
  assert.equal(await page.locator('input[name=name]').inputValue(), NAME);
  await page.locator('input[name=phone]').fill('0900000188');
  await look(officer, 'person');
  await send(page);
}

async function answers(officer) {
  const { page } = officer;
  const known = { subject: 'self', copies: '2', registered_year: '1990', purpose: 'Bổ sung hồ sơ cá nhân' };
  await fill(mainForm(page), known);
  await look(officer, 'form');
  await send(page);
}

/** The papers that lie on the counter: what kind they are, scanned, or kept on paper. */
async function papers(officer) {
  const { page } = officer;
  const add = page.locator('main form').filter({ has: page.locator('input[type=file]') });
  for (const [name, seen, scan] of [['Giấy khai sinh cũ', 'original', 'giấy khai sinh.pdf'], ['Đơn viết tay', 'copy', '']]) {
    const kind = add.locator('select[name=question]');
    if ((await kind.count()) > 0) await kind.selectOption('other');
    await add.locator('[name=name]').fill(name);
    await add.locator(`[name=seen][value=${seen}]`).check({ force: true });
    if (scan) await add.locator('input[type=file]').setInputFiles(paper(scan));
    await follow(page, add.locator('button').last());
    await says(page, name);
  }
  await look(officer, 'papers');
  await follow(page, page.locator('main .actions a.button').last());
}

/** Takes the money and the dossier; what the person takes home. */
async function takesIn(officer) {
  const { page } = officer;
  await says(page, money('vi', FEE * 2));
  await look(officer, 'review');
  const form = page.locator('form[action$="/take-in"]');
  await form.locator('[name=receipt]').fill('BL-0001234');
  await follow(page, form.locator('button'));
  await says(page, vi('counter-done-accepted'));
  const code = CODE.exec(await words(page))?.[0];
  assert.ok(code, 'the receipt names the dossier');
  const pdf = page.locator('main a[href$="/receipt.pdf"]');
  for (let again = 0; again < 60 && (await pdf.count()) === 0; again += 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await look(officer, 'done');
  const answer = await page.request.get(await pdf.getAttribute('href'));
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  return code;
}

test('at the counter, from a number to a receipt', { timeout: 600_000 }, () =>
  withBrowser(async (browser) => {
    const visitor = await person(browser, { scripts: false, walk: WALK });
    const number = await draws(visitor);
    const officer = await desk(browser, 'officer', WARD, { scripts: false, walk: WALK });
    await calls(officer, number);
    const board = await person(browser, { device: 'desktop', walk: WALK });
    await board.page.goto(`/queue/${WARD}/board`);
    assert.match(await words(board.page), new RegExp(`${number}[^]*Quầy 3`));
    await look(board, 'board');
    await board.leave();
    await visitor.page.reload();
    await says(visitor.page, vi('queue-state-called', { desk: 'Quầy 3' }));
    await scans(officer);
    await answers(officer);
    await papers(officer);
    const code = await takesIn(officer);
    await open(officer, code, 'office');
    await says(officer.page, NAME);
    await look(officer, 'dossier');
    await officer.page.goto('/office/queue');
    await follow(officer.page, officer.page.locator('form[action$="/done"] button').first());
    await visitor.page.reload();
    await says(visitor.page, vi('queue-state-done'));
    await officer.leave();
    await visitor.leave();
  }));
