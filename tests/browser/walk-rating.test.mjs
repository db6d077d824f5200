// How content somebody is, said on a phone without JavaScript: nothing before the dossier is finished; then a level with a
// sentence, the same again and another one, each counted once. Nobody but administrators sees the share of so few; the
// sentence is read by the ward's leader, without a name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, person, says, withBrowser } from './browser.mjs';
import { act, desk } from './office.mjs';
import { named } from './people.mjs';
import { LONG, WARD, decide, handIn, isReadable, officerAt, resident, sees } from './walks.mjs';
import { word } from './words.mjs';

const vi = (key, given) => word('vi', key, given);
const FORM = 'main form[action$="/rating"]';
const SAID = 'Hướng dẫn rõ ràng, giải quyết nhanh.';

/** What the ward's figures of this month say to administrators once they have counted so many ratings. */
async function figures({ page }, ratings) {
  for (let again = 0; again < 120; again += 1) {
    const { total } = await (await page.request.get(`/api/v1/supervision?unit=${WARD}`)).json();
    if (ratings === undefined || total.ratings === ratings) return total;
    await page.waitForTimeout(500);
  }
  return assert.fail(`the figures never counted ${ratings} ratings`);
}

/** Chooses a level and sends it. */
async function rate({ page }, score) {
  // The box is drawn by its label.
  await page.locator(`${FORM} input[value="${score}"]`).check({ force: true });
  await follow(page, page.locator(`${FORM} button`));
  await says(page, vi('rating-said'));
  assert.ok(await page.locator(`${FORM} input[value="${score}"]`).isChecked(), 'what was said is shown');
}

/** The large figure of content people on a page of supervision. */
const stat = (page) => page.locator('main .stat', { hasText: 'người dân hài lòng' });

/** The share as an administrator sees it, and that nobody else does. */
async function shown(administrator, visitor, name, total) {
  await administrator.page.goto(`/office/supervision?unit=${WARD}`);
  const text = await stat(administrator.page).locator('.stat__value').innerText();
  const percent = Number(text.replace(',', '.').replace(/[^\d.]/g, ''));
  assert.ok(Math.abs(percent - (100 * total.satisfied) / total.ratings) < 0.6, `${percent} % of ${JSON.stringify(total)}`);
  await visitor.page.goto(`/supervision?unit=${WARD}`);
  assert.match(await stat(visitor.page).innerText(), new RegExp(`^–[\\s\\S]*${vi('supervision-ratings-running')}`));
  await look(visitor, name);
  const { total: told } = await (await visitor.page.request.get(`/api/v1/supervision?unit=${WARD}`)).json();
  assert.deepEqual([told.ratings, told.satisfied, told.indicators.satisfied], [null, null, null]);
}

/** A month that is over says from how many ratings on it would be shown. */
async function few({ page }) {
  const last = new Date(Date.now() - 35 * 86_400_000).toISOString().slice(0, 7);
  await page.goto(`/supervision?unit=${WARD}&month=${last}`);
  assert.ok((await stat(page).innerText()).includes(vi('supervision-ratings-few', { least: 5 })));
}

async function rating(browser) {
  const bao = await resident(browser, named('Trần Quốc Bảo'), 'rating');
  const { page } = bao;
  const code = await handIn(bao, 'xac-nhan-tinh-trang-hon-nhan');
  await page.goto(`/dossiers/${code}`);
  assert.equal(await page.locator(FORM).count(), 0, 'nobody is asked before there is something to rate');
  const officer = await officerAt(browser, code);
  await act(officer, 'accept', 'accepted');
  await act(officer, 'process', 'processing');
  await decide(browser, officer, code);
  await sees(bao, code, vi('rating-title'), 'dossier');
  await isReadable(bao);

  const anyone = await person(browser, { scripts: false, walk: 'rating' });
  const administrator = await desk(browser, 'administrator', undefined, { walk: 'rating' });
  const before = await figures(administrator);
  await follow(page, page.locator(`${FORM} button`));
  await says(page, vi('rating-choose'));
  await look(bao, 'nothing-chosen');
  await page.locator(`${FORM} textarea`).fill(SAID);
  await rate(bao, 5);
  assert.equal((await page.locator(`${FORM} textarea`).inputValue()).trim(), SAID);
  await look(bao, 'given');
  await isReadable(bao);
  const content = await figures(administrator, before.ratings + 1);
  assert.equal(content.satisfied, before.satisfied + 1);
  await shown(administrator, anyone, 'supervision', content);
  await few(anyone);
  const leader = await desk(browser, 'leader', WARD, { walk: 'rating' });
  await leader.page.goto(`/office/supervision?unit=${WARD}`);
  await says(leader.page, SAID);
  assert.ok(!(await leader.page.content()).includes('Trần Quốc Bảo'), 'what was said has no name');
  await look(leader, 'said');
  await leader.leave();

  // The same once more counts nothing; another level takes the place of the first.
  await rate(bao, 5);
  await rate(bao, 2);
  await look(bao, 'changed');
  for (let again = 0; (await figures(administrator)).satisfied !== before.satisfied; again += 1) {
    assert.ok(again < 120, 'the figures never heard of the change');
    await administrator.page.waitForTimeout(500);
  }
  const changed = await figures(administrator);
  assert.equal(changed.ratings, before.ratings + 1, 'one person, one rating');
  await shown(administrator, anyone, 'supervision-changed', changed);
  await officer.page.goto(`/office/dossiers/${code}`);
  assert.equal(await officer.page.locator('main').getByText(vi('rating-2'), { exact: true }).count(), 0, 'the office learns figures alone');
  await officer.leave();
  await administrator.leave();
  await anyone.leave();
  await bao.leave();
}

test('a finished dossier is rated, without JavaScript', LONG, () => withBrowser(rating));
