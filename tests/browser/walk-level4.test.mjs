// A procedure that is wholly online, on a phone without JavaScript: paid at the gateway, completed when the office asks
// (the clock rests meanwhile), promised anew with an apology, received signed and verified by a stranger.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person, says, withBrowser, words } from './browser.mjs';
import { act, verify } from './office.mjs';
import { named } from './people.mjs';
import { download, payByGateway, seesState, supplement } from './resident.mjs';
import { LONG, ROOM, dayIn, decide, extend, handIn, isReadable, officerAt, paperText, resident, sees, told } from './walks.mjs';
import { word } from './words.mjs';

const FEE = 7000;
const ASKED = 'Đề nghị gửi hợp đồng thuê nhà hoặc văn bản đồng ý của chủ nhà.';
const SORRY = 'Cơ sở dữ liệu cư trú tạm ngừng để bảo trì, chưa tra cứu được thông tin chỗ ở.';

async function level4(browser) {
  const bao = await resident(browser, named('Trần Quốc Bảo'), 'level4');
  const { page } = bao;
  const code = await handIn(bao, 'dang-ky-tam-tru', ROOM);
  await sees(bao, code, word('vi', 'services-now-pay'), 'dossier-unpaid');
  await payByGateway(bao, FEE);
  await seesState(bao, code, 'submitted');

  const officer = await officerAt(browser, code);
  await act(officer, 'accept', 'accepted');
  await act(officer, 'process', 'processing');
  await act(officer, 'request_supplement', 'supplement_requested', ASKED);
  const request = await paperText(bao, code, 'services-paper-supplement-request');
  assert.ok(request.includes(ASKED.slice(0, 30)), request);
  await sees(bao, code, word('vi', 'services-due-paused'), 'dossier-paused');
  await supplement(bao, code, ASKED);
  assert.ok(!(await words(page)).includes(word('vi', 'services-due-paused')), 'the clock goes on');

  const later = dayIn(30);
  await officer.page.goto(`/office/dossiers/${code}`);
  await extend(officer, later.iso, SORRY);
  const apology = await paperText(bao, code, 'services-paper-apology');
  assert.ok(apology.includes(SORRY.slice(0, 30)) && /xin lỗi/i.test(apology), apology);
  await sees(bao, code, word('vi', 'services-put-off-text'), 'dossier-extended');
  await says(page, SORRY);
  await isReadable(bao);

  await decide(browser, officer, code);
  await officer.leave();
  await sees(bao, code, word('vi', 'services-result-title'), 'dossier-done');
  await isReadable(bao);
  const file = await download(bao, code);
  const link = await page.locator('main a[href^="/verify/"]').first().evaluate((a) => a.href);
  await told(bao, 'notice-dossier-done', { code });
  await bao.leave();
  const stranger = await person(browser, { scripts: false });
  await verify(stranger, link, file);
  await stranger.leave();
}

test('level 4 without JavaScript: payment, supplement, extension, result', LONG, () => withBrowser(level4));
