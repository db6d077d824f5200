// Written authority (ủy quyền) for a parent, without JavaScript: the father gives it with a scope and a last day, the
// son accepts and applies for him, the dossier says for whom; once it is taken back nobody is offered any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, says, withBrowser, words } from './browser.mjs';
import { mainForm, paper, send } from './form.mjs';
import { named } from './people.mjs';
import { LONG, dateFields, dayIn, handIn, isReadable, officerAt, resident, sees, told } from './walks.mjs';
import { word } from './words.mjs';

const PLACE = '/account/for-others';
const ASSESSMENT = 'xac-dinh-muc-do-khuyet-tat';
const KNOWN = {
  request_kind: 'first',
  disability_kinds: 'movement',
  since: 'Từ tháng 3 năm 2025, sau tai nạn lao động',
  daily: 'some',
  help_at_home: 'no',
  medical_papers: paper('giấy ra viện.pdf'),
};

/** The father says who may act for him, in which field, until when. */
async function give(father, son, field) {
  const { page } = father;
  await page.goto('/account');
  await look(father, 'account');
  await follow(page, page.locator(`main a[href="${PLACE}"]`));
  await look(father, 'for-others');
  await follow(page, page.locator(`main a[href="${PLACE}/grant"]`));
  const form = mainForm(page);
  await form.locator('[name=to]').fill(son.citizenId);
  await form.locator(`input[name=fields][value="${field}"]`).check({ force: true });
  for (const [name, number] of Object.entries(dateFields('until', 60))) await form.locator(`[name=${name}]`).fill(number);
  await look(father, 'grant');
  // One digit too few is told beside its box, and the rest is kept.
  await form.locator('[name=to]').fill(son.citizenId.slice(1));
  await follow(page, form.locator('.actions button').first());
  await look(father, 'grant-wrong');
  assert.ok(await form.locator(`input[name=fields][value="${field}"]`).isChecked());
  await form.locator('[name=to]').fill(son.citizenId);
  await send(page, form);
  await says(page, word('vi', 'identity-done-offered'));
  await says(page, word('vi', 'identity-mandate-offered'));
  await says(page, dayIn(60).words);
  await look(father, 'given');
}

async function accept(son, father) {
  const { page } = son;
  await told(son, 'notice-mandate-offered', { name: father.name });
  await page.goto(PLACE);
  const offer = page.locator('main li.file', { hasText: father.name }).filter({ has: page.locator('form[action$="/accept"]') });
  await offer.first().waitFor();
  await look(son, 'offered');
  await follow(page, offer.first().locator('form[action$="/accept"] button'));
  await says(page, word('vi', 'identity-done-accepted'));
  await look(son, 'held');
}

/** Every authority given is taken back, at once. */
async function takeBack({ page }) {
  await page.goto(PLACE);
  const ends = page.locator('main form[action$="/end"] button');
  while (await ends.count()) {
    await follow(page, ends.first());
    await says(page, word('vi', 'identity-done-mandate-ended'));
  }
}

async function authority(browser) {
  const [thanh, bao] = [named('Lê Văn Thành'), named('Trần Quốc Bảo')];
  const father = await resident(browser, thanh, 'authority-giver');
  const son = await resident(browser, bao, 'authority');
  await takeBack(father); // a walk before may have been cut short
  await give(father, bao, 'social');
  await accept(son, thanh);
  await told(father, 'notice-mandate-accepted', { name: bao.name });

  const code = await handIn(son, ASSESSMENT, KNOWN, { forWhom: thanh.name });
  await sees(son, code, word('vi', 'services-dossier-principal'), 'dossier');
  assert.ok((await words(son.page)).includes(thanh.name), 'the dossier says for whom it is');
  await isReadable(son);
  await sees(father, code, word('vi', 'services-read-only', { name: bao.name }), 'dossier');
  await father.page.goto('/dossiers');
  await says(father.page, word('vi', 'services-own-behalf'));
  await look(father, 'dossiers');
  const officer = await officerAt(browser, code);
  assert.ok((await words(officer.page)).includes(word('vi', 'services-dossier-by', { name: bao.name })));
  await officer.leave();

  // Outside its scope it is not offered, and once it is taken back nowhere.
  await offersOnlySelf(son, 'xac-nhan-tinh-trang-hon-nhan', thanh);
  await takeBack(father);
  await look(father, 'taken-back');
  await father.leave();
  await offersOnlySelf(son, ASSESSMENT, thanh);
  await son.leave();
}

/** The page that asks for whom does not name them. */
async function offersOnlySelf(visitor, procedure, other) {
  const { page } = visitor;
  await page.goto(`/procedures/${procedure}`);
  await follow(page, page.locator('main a[href$="/apply"]'));
  const draft = new URL(page.url()).pathname.split('/').slice(0, 3).join('/');
  await page.goto(`${draft}/for-whom`);
  await look(visitor, 'for-whom-none');
  assert.ok(!(await words(page)).includes(other.name), `${other.name} is offered in ${procedure}`);
}

test('authority for a parent, without JavaScript', LONG, () => withBrowser(authority));
