// A dossier that was left lying: its step runs out, the leader is told and finds it among what is late, gives it to an
// officer, who apologises and promises a new day; then it is late no more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, says, withBrowser, words } from './browser.mjs';
import { BUSY, LONG, WARD, withCity } from './city.mjs';
import { desk, search } from './office.mjs';
import { someone } from './people.mjs';
import { word } from './words.mjs';

const vi = (key, given) => word('vi', key, given);
const APOLOGY = 'Hồ sơ bị chậm do chờ xác minh. Ủy ban nhân dân phường xin lỗi và hẹn lại ngày trả kết quả.';

/** What the notices say of a step that ran out, as soon as it has been told. */
async function told({ page }) {
  const [before] = vi('notice-dossier-stage-overdue', { code: '…', step: '' }).split('…');
  const [, after] = vi('notice-dossier-stage-overdue', { code: '…', step: '' }).split('…');
  const title = page.locator('main a, main h2, main h3').filter({ hasText: new RegExp(`${before}.*${after.trim()}`) });
  for (let again = 0; again < 60; again += 1) {
    await page.goto('/notices');
    if ((await title.count()) > 0) return title.first();
    await page.waitForTimeout(500);
  }
  return assert.fail(`nobody was told of what is late:\n${await words(page)}`);
}

/** The leader: told of a step, then what is late as a whole; gives the worst of it to an officer. */
async function leader(browser, at) {
  const visitor = await desk(browser, 'leader', WARD, { at, walk: 'late' });
  const { page } = visitor;
  const notice = await told(visitor);
  await look(visitor, 'told');
  assert.match(await notice.innerText(), /\d{3}\.\d{2}\.\d{2}\.H17-\d{6}-\d{4}/, 'the notice names the dossier');

  await page.goto('/office?view=late');
  await look(visitor, 'inbox');
  const first = page.locator('main tbody th a').first();
  const code = (await first.innerText()).trim();
  await follow(page, first);
  await says(page, vi('office-due-late', { at: '' }).trim());
  await look(visitor, 'dossier');
  await page.locator('main summary').filter({ hasText: vi('office-assign') }).click();
  const form = page.locator('main form[action$="/assign"]');
  await form.locator('select').selectOption({ label: someone('officer', WARD).name });
  await follow(page, form.locator('button'));
  await says(page, someone('officer', WARD).name);
  return { visitor, code };
}

/** The officer: finds it on the own desk and gives it a new day, with an apology. */
async function officer(browser, at, code) {
  const visitor = await desk(browser, 'officer', WARD, { at, walk: 'late' });
  const { page } = visitor;
  await page.goto('/office?view=mine');
  await follow(page, page.locator('main tbody th a').filter({ hasText: code }));
  const form = page.locator('main form[action$="/actions/extend"]');
  await page.locator('main details').filter({ has: page.locator('form[action$="/actions/extend"]') }).locator('summary').click();
  await form.locator('textarea').fill(APOLOGY);
  await follow(page, form.locator('button'));
  await says(page, vi('office-error-extension'));
  await look(visitor, 'refused');
  await form.locator('[name=extension]').fill(inDays(21));
  await follow(page, form.locator('button'));
  await says(page, APOLOGY);
  await says(page, vi('office-extended', { times: '1' }));
  await look(visitor, 'extended');
  await visitor.leave();
}

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('a late dossier climbs to the leader and is given a new day', LONG, () =>
  withCity(BUSY, (at) =>
    withBrowser(async (browser) => {
      const { visitor, code } = await leader(browser, at);
      await officer(browser, at, code);
      const { page } = visitor;
      await page.goto('/office?view=late');
      assert.ok(!(await words(page)).includes(code), `${code} is late no more`);
      await search(page, code);
      await says(page, code);
      await visitor.leave();
    })));
