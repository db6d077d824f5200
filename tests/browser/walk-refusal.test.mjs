// A refusal, read on a phone without JavaScript: the reason on the dossier's page, form 03 as a signed PDF with the same
// reason, nothing more to pay, and the way to apply again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, withBrowser, words } from './browser.mjs';
import { act } from './office.mjs';
import { named } from './people.mjs';
import { LONG, ROOM, handIn, isReadable, officerAt, paperText, resident, sees, told } from './walks.mjs';
import { state, word } from './words.mjs';

const REASON = 'Nơi đề nghị đăng ký tạm trú không thuộc địa bàn phường Hải Châu. Đề nghị nộp hồ sơ tại phường nơi có chỗ ở.';

async function refusal(browser) {
  const lan = await resident(browser, named('Nguyễn Thị Lan'), 'refusal');
  const { page } = lan;
  const code = await handIn(lan, 'dang-ky-tam-tru', ROOM);
  const officer = await officerAt(browser, code);
  await act(officer, 'refuse', 'refused', REASON);
  await officer.leave();

  await told(lan, 'notice-dossier-refused', { code });
  const paper = await paperText(lan, code, 'services-paper-refusal');
  assert.ok(paper.includes(REASON) && paper.includes(code), paper);
  await sees(lan, code, REASON, 'dossier');
  await isReadable(lan);
  const text = await words(page);
  assert.ok(text.includes(state('vi', 'refused')));
  assert.ok(!text.includes(word('vi', 'services-pay-title')), 'nobody pays for a refusal');
  await follow(page, page.locator('main a.button[href="/procedures/dang-ky-tam-tru"]'));
  await page.locator('main a[href$="/apply"]').waitFor();
  await page.goto('/dossiers');
  await look(lan, 'dossiers');
  await lan.leave();
}

test('a refusal with its reason, without JavaScript', LONG, () => withBrowser(refusal));
