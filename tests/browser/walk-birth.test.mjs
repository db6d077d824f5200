// Liên thông, without JavaScript: the birth is told once; with its result the dossiers of the health insurance card and
// of the child's residence are opened, and the mother sees all three together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, says, withBrowser, words } from './browser.mjs';
import { act } from './office.mjs';
import { named } from './people.mjs';
import { LONG, appears, decide, handIn, isReadable, officerAt, resident } from './walks.mjs';
import { word } from './words.mjs';

const lan = named('Nguyễn Thị Lan');
const CHILD = 'Trần Nguyễn Minh Khôi';
const KNOWN = {
  child_name: CHILD,
  'child_born-day': '2',
  'child_born-month': '11',
  'child_born-year': '2026',
  birth_place: 'Bệnh viện Phụ sản – Nhi Đà Nẵng',
  ethnicity: 'Kinh',
  home_place: 'Phường Hải Châu, thành phố Đà Nẵng',
  mother_name: lan.name,
  mother_citizen_id: lan.citizenId,
  married: 'yes',
  father_name: 'Trần Quốc Bảo',
  father_citizen_id: named('Trần Quốc Bảo').citizenId,
  birth_proof: 'electronic',
  home_with: 'mother',
  head_name: `${lan.name}, ${lan.citizenId}`,
  clinic: 'Trạm Y tế phường Hải Châu',
  relation: 'mother',
};

async function birth(browser) {
  const mother = await resident(browser, lan, 'birth');
  const { page } = mother;
  const code = await handIn(mother, 'lien-thong-khai-sinh', KNOWN);
  const officer = await officerAt(browser, code);
  await act(officer, 'accept', 'accepted');
  await act(officer, 'process', 'processing');
  await decide(browser, officer, code);
  await officer.leave();

  const links = page.locator('main a[href^="/dossiers/"]', { hasText: /bảo hiểm y tế|thường trú/ });
  await appears(mother, `/dossiers/${code}`, links.nth(1));
  await says(page, word('vi', 'linked-title'));
  await look(mother, 'together');
  await isReadable(mother);
  const others = await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.equal(new Set(others).size, 2);
  for (const other of others) {
    await follow(page, page.locator(`main a[href="${other}"]`).first());
    assert.ok((await page.locator('main').textContent()).includes(CHILD), `${other} knows the child already`);
    await says(page, word('vi', 'linked-text-of'));
    for (const one of [`/dossiers/${code}`, ...others.filter((path) => path !== other)]) {
      assert.ok(await page.locator(`main a[href="${one}"]`).count(), `${other} leads to ${one}`);
    }
    await look(mother, 'linked');
    await isReadable(mother);
    await follow(page, page.locator(`main a[href="/dossiers/${code}"]`));
  }
  await page.goto('/dossiers');
  const list = await words(page);
  for (const path of [`/dossiers/${code}`, ...others]) {
    assert.ok(list.includes(path.split('/').at(-1)), `${path} is among her dossiers`);
  }
  await look(mother, 'dossiers');
  await mother.leave();
}

test('birth, health insurance, residence: told once, without JavaScript', LONG, () => withBrowser(birth));
