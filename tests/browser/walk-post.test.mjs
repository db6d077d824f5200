// A result by post, on a phone without JavaScript: chosen while applying, with who receives it; another address before it
// is sent; handed to the carrier under its number, come back once, sent again, delivered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, look, person, says, withBrowser, words } from './browser.mjs';
import { fill, mainForm, send } from './form.mjs';
import { act, open } from './office.mjs';
import { named } from './people.mjs';
import { payByCode, screen, seesState, submit } from './resident.mjs';
import { LONG, WARD, decide, isReadable, officerAt, resident, sees, told } from './walks.mjs';
import { state, word } from './words.mjs';

const COPY = 'ban-sao-trich-luc-ho-tich';
const FEE = 8000;
const KNOWN = { unit: WARD, record_kind: 'birth', subject: 'self', registered_year: '1988', copies: '1', way: 'post' };
const vi = (key, given) => word('vi', key, given);
const path = (page) => new URL(page.url()).pathname;

/** A number as the carrier writes it; another one at every call. */
const number = () => `EA${String(Math.floor(Math.random() * 1e9)).padStart(9, '0')}VN`;

/** From the procedure to the receipt: the result shall come by post, to a neighbour. */
async function chooses(visitor) {
  const { page } = visitor;
  await page.goto(`/procedures/${COPY}`);
  await follow(page, page.locator('main a[href$="/apply"]'));
  for (let n = 0; !path(page).endsWith('/review'); n += 1) {
    assert.ok(n < 40, `no review; the last was ${page.url()}`);
    if (path(page).endsWith('/return')) {
      await page.locator('main input[name=way][value=post]').check({ force: true });
      await look(visitor, 'way');
      await send(page);
    } else if (path(page).endsWith('/return-to')) {
      const form = mainForm(page);
      // What the account says is there; a wrong telephone is told beside its box.
      assert.notEqual(await form.locator('[name=address]').inputValue(), '');
      await form.locator('[name=phone]').fill('12');
      await follow(page, form.locator('.actions button:not(.button-quiet)').first());
      await says(page, vi('returns-phone-wrong'));
      await look(visitor, 'recipient-wrong');
      await fill(mainForm(page), { recipient: 'Lê Thị Hàng Xóm', phone: '0905 111 222' });
      await look(visitor, 'recipient');
      await send(page);
    } else {
      await screen(visitor, KNOWN);
    }
  }
  await says(page, 'Lê Thị Hàng Xóm');
  await says(page, vi('delivery-way-post'));
  await look(visitor, 'review');
  await isReadable(visitor);
  return submit(visitor);
}

/** Another address, while the dossier is being handled. */
async function moves(visitor, code, address) {
  const { page } = visitor;
  await page.goto(`/dossiers/${code}`);
  await look(visitor, 'dossier-chosen');
  await follow(page, page.locator(`main a[href="/dossiers/${code}/return"]`));
  await look(visitor, 'change');
  await page.locator('main [name=address]').fill(address);
  await follow(page, mainForm(page).locator('.actions button').first());
  await says(page, vi('returns-saved'));
  await says(page, address);
}

/** The officer writes the number on the page of parcels and hands over; the list is there to print. */
async function handsOver(officer, code, wrong, right, name) {
  const { page } = officer;
  await page.goto('/office/parcels');
  const box = page.locator(`main [name="number:${code}"]`);
  assert.ok(!(await words(page)).includes('Trần Cao Vân'), 'no address on the page of parcels');
  if (wrong) {
    await box.fill(wrong);
    await look(officer, 'office-parcels');
    await follow(page, page.locator('main form[action="/office/parcels"] button').first());
    await says(page, vi('returns-office-wrong-number'));
    await look(officer, 'office-parcels-wrong');
  }
  await box.fill(right);
  await follow(page, page.locator('main form[action="/office/parcels"] button').first());
  assert.match(path(page), /^\/office\/manifests\//);
  await says(page, right);
  await look(officer, name);
}

async function byPost(browser) {
  const visitor = await resident(browser, named('Nguyễn Thị Lan'), 'post');
  const { page } = visitor;
  const code = await chooses(visitor);
  await page.goto(`/dossiers/${code}`);
  await payByCode(visitor, FEE);
  await seesState(visitor, code, 'submitted');

  const officer = await officerAt(browser, code);
  await act(officer, 'accept', 'accepted');
  await act(officer, 'process', 'processing');
  const address = 'Số 15 đường Trần Cao Vân, phường Thanh Khê, thành phố Đà Nẵng';
  await moves(visitor, code, address);
  await officer.page.goto(`/office/dossiers/${code}`);
  await says(officer.page, address);
  await decide(browser, officer, code);
  await sees(visitor, code, vi('returns-now-ready'), 'dossier-ready');

  await officer.page.goto('/office/parcels/addresses');
  await says(officer.page, address);
  await look(officer, 'office-addresses');
  const first = number();
  await handsOver(officer, code, '123', first, 'office-manifest');
  await sees(visitor, code, first, 'dossier-posted');
  await says(page, state('vi', 'posted'));
  await isReadable(visitor);
  await told(visitor, 'notice-dossier-posted', { code });

  // Nobody was at home: the reason is written, the resident told, and it is sent once more.
  await open(officer, code, 'office');
  await act(officer, 'take_back_parcel', 'done', 'Người nhận đi vắng');
  await sees(visitor, code, 'Người nhận đi vắng', 'dossier-back');
  await told(visitor, 'notice-dossier-post-back', { code });
  const second = number();
  await handsOver(officer, code, '', second, 'office-manifest-again');
  await sees(visitor, code, second, 'dossier-again');
  await officer.page.goto('/office/parcels');
  await look(officer, 'office-with-carrier');
  await officer.page.locator(`main input[name=dossier][value^="${code}:"]`).check({ force: true });
  await follow(officer.page, officer.page.locator('main form[action="/office/bulk"] .actions button'));
  await officer.leave();
  await sees(visitor, code, state('vi', 'returned'), 'dossier-delivered');
  await isReadable(visitor);

  // A stranger learns from the code that it was returned, and neither name nor address.
  const stranger = await person(browser, { scripts: false, walk: 'post-stranger' });
  await stranger.page.goto(`/track/${code}`);
  const shown = await stranger.page.content();
  assert.ok(!shown.includes('Trần Cao Vân') && !shown.includes('Hàng Xóm'), 'tracking by code tells where it went');
  await stranger.leave();
  await visitor.leave();
}

test('a result by post, without JavaScript', LONG, () => withBrowser(byPost));
