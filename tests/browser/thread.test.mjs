// The whole thread from a resident's phone to a signed result: in Vietnamese, again without JavaScript, and another
// procedure in English. Every page on the way passes axe and fits on phone and desktop.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { follow, look, person, withBrowser, words } from './browser.mjs';
import { act, actions, desk, open, refusedWithoutNote, track, until, verify } from './office.mjs';
import { newcomer, someone } from './people.mjs';
import { apply, download, find, payByCode, payByGateway, readsNotices, seesState, supplement } from './resident.mjs';
import { paper } from './form.mjs';
import { word } from './words.mjs';

const ASKED = 'Đề nghị gửi bản chụp sổ hộ khẩu cũ hoặc giấy tờ có ghi nơi đăng ký.';
const FEE = 8000;
const COPIES = 3;

/** A copy of another's civil-status record: a fee by the copy, a paper to hand in, the ward chosen. */
async function civilStatusCopy(browser, { scripts, isNew, pay }) {
  const options = { scripts };
  const visitor = await person(browser, options);
  const resident = isNew ? newcomer() : someone('resident');
  await find(visitor, 'ban sao trich luc', 'ban-sao-trich-luc-ho-tich');
  const amount = FEE * COPIES;
  const known = {
    subject: 'other',
    subject_name: 'Nguyễn Văn Hòa',
    registered_year: '1988',
    copies: String(COPIES),
    purpose: 'Làm hồ sơ thừa kế',
    authorisation: paper('giấy ủy quyền.pdf'),
    unit: 'ubnd-hai-chau',
  };
  const code = await apply(visitor, { resident, isNew, known, amount });

  const officer = await desk(browser, 'officer', 'ubnd-hai-chau', options);
  await open(officer, code, 'office');
  assert.ok((await words(officer.page)).includes(word('vi', 'office-missing-paid')), 'accepting waits for the fee');
  assert.ok(!(await actions(officer)).includes('accept'));
  await pay(visitor, amount);
  await seesState(visitor, code, 'submitted');
  await look(visitor, 'dossier-paid');

  await open(officer, code, 'office');
  await act(officer, 'accept', 'accepted');
  await seesState(visitor, code, 'accepted', { isOpen: true });
  await look(visitor, 'dossier');
  await act(officer, 'process', 'processing');
  await look(officer, 'office-dossier');
  await refusedWithoutNote(officer, 'request_supplement');
  await look(officer, 'office-dossier-refused');
  await officer.page.goto(`/office/dossiers/${code}`);
  await act(officer, 'request_supplement', 'supplement_requested', ASKED);
  await supplement(visitor, code, ASKED);
  await readsNotices(visitor, code);
  await open(officer, code, 'office');
  assert.ok((await words(officer.page)).includes('sổ hộ khẩu cũ.pdf'), 'the office sees the new paper');
  await act(officer, 'propose', 'awaiting_signature');

  await sign(browser, 'ubnd-hai-chau', code, options);
  await seesState(visitor, code, 'done');
  const file = await download(visitor, code);
  const link = await visitor.page.locator('main a[href^="/verify/"]').first().evaluate((a) => a.href);
  await open(officer, code, 'office');
  await act(officer, 'hand_over', 'returned');
  await officer.leave();
  await seesState(visitor, code, 'returned', { isOpen: true });
  await visitor.page.goto('/dossiers');
  await look(visitor, 'dossiers');

  const stranger = await person(browser, options);
  await track(stranger, code, 'returned', resident.name);
  await verify(stranger, link, file);
  await stranger.leave();
  await visitor.leave();
}

/** The leader signs, and the house issues what was signed. */
async function sign(browser, unit, code, options) {
  const leader = await desk(browser, 'leader', unit, options);
  await open(leader, code, 'leader');
  await look(leader, 'leader-dossier');
  await act(leader, 'sign', 'issuing').catch(() => {}); // it may be issued before the page is read
  await until(leader, 'done');
  await leader.leave();
}

/** A permit of a department, free of charge, with a photo; all in English. */
async function treePermit(browser) {
  const options = { language: 'en' };
  const visitor = await person(browser, options);
  const { page } = visitor;
  const resident = someone('resident');
  await find(visitor, 'chat cay', 'chat-ha-dich-chuyen-cay-xanh');
  const photo = { name: 'cây trước nhà.png', mimeType: 'image/png', buffer: await page.screenshot({ scale: 'css' }) };
  const code = await apply(visitor, { resident, known: { photos: photo, reason: 'danger', tree_count: '1' } });
  await follow(page, page.locator(`main a[href="/dossiers/${code}"]`));
  await seesState(visitor, code, 'submitted');

  const officer = await desk(browser, 'officer', 'so-xay-dung', options);
  await open(officer, code, 'office');
  await act(officer, 'accept', 'accepted');
  await seesState(visitor, code, 'accepted', { isOpen: true });
  await look(visitor, 'dossier');
  await act(officer, 'process', 'processing');
  await look(officer, 'office-dossier');
  await act(officer, 'propose', 'awaiting_signature');
  await officer.leave();
  await sign(browser, 'so-xay-dung', code, options);

  await seesState(visitor, code, 'done');
  const file = await download(visitor, code);
  const link = await page.locator('main a[href^="/verify/"]').first().evaluate((a) => a.href);
  await page.goto('/notices');
  await look(visitor, 'notices');
  await page.goto('/account');
  await look(visitor, 'account');
  const stranger = await person(browser, options);
  await track(stranger, code, 'done', resident.name);
  await verify(stranger, link, file);
  await stranger.page.goto('/procedures/ban-sao-trich-luc-ho-tich');
  await look(stranger, 'procedure-copy');
  await stranger.leave();
  await visitor.leave();
}

describe('the thread', () => {
  test('in Vietnamese: a newcomer registers, pays by QR code, supplements, receives', { timeout: 600_000 }, () =>
    withBrowser((browser) => civilStatusCopy(browser, { scripts: true, isNew: true, pay: payByCode })));

  test('again without JavaScript, paying at the gateway', { timeout: 600_000 }, () =>
    withBrowser((browser) => civilStatusCopy(browser, { scripts: false, isNew: false, pay: payByGateway })));

  test('in English: a permit free of charge, with photos', { timeout: 600_000 }, () => withBrowser(treePermit));
});
