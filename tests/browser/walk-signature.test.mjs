// A form that its applicant signs, on a phone without JavaScript: the request is declined at the provider, asked for
// again and confirmed; an answer changed afterwards leaves the signature behind, and what is handed in is signed anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, person, says, withBrowser, words } from './browser.mjs';
import { mainForm, send } from './form.mjs';
import { named } from './people.mjs';
import { submit } from './resident.mjs';
import { LONG, dateFields, fillIn, isReadable, officerAt, paperNamed, resident, sees } from './walks.mjs';
import { word } from './words.mjs';

const lan = named('Nguyễn Thị Lan');
const FORM = 'Giấy đề nghị đăng ký hộ kinh doanh';
const SHOP = 'Bún chả cá Bà Lan';
const OTHER_SHOP = 'Bún chả cá Cô Lan';
const KNOWN = {
  founded_by: 'person',
  business_name: SHOP,
  business_place: 'Số 12 đường Lê Hồng Phong',
  right_to_place: 'rent',
  main_line: 'Dịch vụ ăn uống',
  other_lines: '',
  conditional_line: 'no',
  capital: '80000000',
  workers: '2',
  ...dateFields('starts_on', 14),
  tax_address: '',
  online_shop: 'no',
  filed_by: 'self',
};

const vi = (key, given) => word('vi', key, given);
const path = (page) => new URL(page.url()).pathname;

/** From the review to the page that waits for the telephone. Returns the code to compare. */
async function ask(visitor) {
  const { page } = visitor;
  assert.equal(await page.locator('main form[action$="/submit"]').count(), 0, 'nothing is handed in unsigned');
  await follow(page, mainForm(page).locator('button').first());
  assert.ok(path(page).endsWith('/sign'), page.url());
  await says(page, vi('services-sign-waiting-title'));
  const code = (await page.locator('main #code').innerText()).trim();
  assert.match(code, /^\d{4}$/, 'a code to compare');
  await look(visitor, 'waiting');
  await isReadable(visitor);
  return code;
}

/** On the telephone: the request with the same code and one's own name, and the word given. Ends on the portal's page. */
async function answer(visitor, code, choice) {
  const { page, context } = visitor;
  const phone = await context.newPage();
  await phone.goto(await page.locator('main .actions a', { hasText: vi('services-sign-phone') }).getAttribute('href'));
  const request = phone.locator('section').filter({ hasText: code }).filter({ hasText: lan.name });
  await look({ ...visitor, page: phone }, 'telephone');
  await follow(phone, request.locator(`button[value=${choice}]`).first());
  await phone.close();
  await follow(page, page.locator('main .actions a', { hasText: vi('services-sign-look') }));
}

/** The paper as it is now. */
async function pdf({ page }) {
  const answer = await page.request.get(await page.locator('main a[href$="/application.pdf"]').getAttribute('href'));
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  return answer.body();
}

async function signature(browser) {
  const visitor = await resident(browser, lan, 'signature');
  const { page } = visitor;
  await fillIn(visitor, 'dang-ky-ho-kinh-doanh', KNOWN);
  await says(page, vi('services-sign-why'));
  const review = path(page);

  const first = await ask(visitor);
  const shown = await pdf(visitor);
  await follow(page, page.locator('main .actions a', { hasText: vi('services-sign-look') }));
  await says(page, vi('services-sign-waiting-title')); // looked too early: nothing is lost
  await answer(visitor, first, 'decline');
  await says(page, vi('services-sign-declined-title'));
  await look(visitor, 'declined');
  await isReadable(visitor);
  assert.equal(await page.locator('main form[action$="/submit"]').count(), 0);

  await answer(visitor, await ask(visitor), 'confirm');
  await says(page, vi('services-sign-confirmed-title'));
  await look(visitor, 'signed');
  await isReadable(visitor);
  assert.ok((await pdf(visitor)).length > shown.length, 'the signature is in the paper');

  // She changes the name after all: the signature is another paper's.
  await page.goto(review);
  await says(page, vi('services-sign-done'));
  assert.equal(await page.locator('main form[action$="/sign"]').count(), 0, 'nobody signs the same twice');
  await look(visitor, 'review-signed');
  const row = page.locator('main .summary__row', { hasText: SHOP }).first();
  await follow(page, row.locator('.summary__change a'));
  await mainForm(page).locator('[name=business_name]').fill(OTHER_SHOP);
  await send(page);
  assert.equal(path(page), review, 'a changed answer leads back to the review');
  await page.goto(review.replace(/review$/, 'sign'));
  assert.equal(path(page), review, 'there is nothing signed any more');
  await says(page, vi('services-sign-changed-title'));
  await look(visitor, 'review-changed');
  await answer(visitor, await ask(visitor), 'confirm');
  await says(page, vi('services-sign-confirmed-title'));

  const code = await submit(visitor);
  await sees(visitor, code, FORM, 'dossier');
  const paper = await paperNamed(visitor, code, FORM);
  assert.ok(paper.includes(OTHER_SHOP) && !paper.includes(SHOP), paper);
  assert.ok(!(await words(page)).includes(vi('services-issued')), 'her own form is nothing that the office issued');
  const verify = await page.locator('main a[href*="/issued/"]').first().getAttribute('href');
  await visitor.leave();

  const officer = await officerAt(browser, code);
  assert.ok((await words(officer.page)).includes(FORM), 'the office has the signed form');
  await look({ ...officer, walk: 'signature' }, 'office-dossier');
  await officer.leave();
  const stranger = await person(browser, { scripts: false, walk: 'signature' });
  await stranger.page.goto(`/verify/${verify.split('/').at(-1)}`);
  await says(stranger.page, vi('verify-handed-in-valid'));
  assert.ok(!(await words(stranger.page)).includes(lan.name), 'strangers read initials');
  await look(stranger, 'verify');
  await stranger.leave();
}

test('a form is signed by its applicant, without JavaScript', LONG, () => withBrowser(signature));
