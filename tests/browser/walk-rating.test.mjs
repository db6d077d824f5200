// How content somebody is, said on a phone without JavaScript: nothing before the dossier is finished; then a level, the
// same again and another one, each counted once in the figures that everyone sees.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, person, says, withBrowser } from './browser.mjs';
import { act } from './office.mjs';
import { named } from './people.mjs';
import { LONG, WARD, decide, handIn, isReadable, officerAt, resident, sees } from './walks.mjs';
import { word } from './words.mjs';

const vi = (key, given) => word('vi', key, given);
const FORM = 'main form[action$="/rating"]';

/** What the ward's figures of this month say once they have counted so many ratings. */
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

/** The share of content people as the page of the ward shows it. */
async function shown(visitor, name, total) {
  const { page } = visitor;
  await page.goto(`/supervision?unit=${WARD}`);
  const stat = page.locator('main .stat', { hasText: 'người dân hài lòng' });
  const percent = Number((await stat.locator('.stat__value').innerText()).replace(',', '.').replace(/[^\d.]/g, ''));
  assert.ok(Math.abs(percent - (100 * total.satisfied) / total.ratings) < 0.6, `${percent} % of ${JSON.stringify(total)}`);
  await look(visitor, name);
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
  const before = await figures(anyone);
  await follow(page, page.locator(`${FORM} button`));
  await says(page, vi('rating-choose'));
  await look(bao, 'nothing-chosen');
  await rate(bao, 5);
  await look(bao, 'given');
  await isReadable(bao);
  const content = await figures(anyone, before.ratings + 1);
  assert.equal(content.satisfied, before.satisfied + 1);
  await shown(anyone, 'supervision', content);

  // The same once more counts nothing; another level takes the place of the first.
  await rate(bao, 5);
  await rate(bao, 2);
  await look(bao, 'changed');
  for (let again = 0; (await figures(anyone)).satisfied !== before.satisfied; again += 1) {
    assert.ok(again < 120, 'the figures never heard of the change');
    await anyone.page.waitForTimeout(500);
  }
  const changed = await figures(anyone);
  assert.equal(changed.ratings, before.ratings + 1, 'one person, one rating');
  await shown(anyone, 'supervision-changed', changed);
  await officer.page.goto(`/office/dossiers/${code}`);
  assert.equal(await officer.page.locator('main').getByText(vi('rating-2'), { exact: true }).count(), 0, 'the office learns figures alone');
  await officer.leave();
  await anyone.leave();
  await bao.leave();
}

test('a finished dossier is rated, without JavaScript', LONG, () => withBrowser(rating));
