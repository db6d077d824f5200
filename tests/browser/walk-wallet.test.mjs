// Mobile money, on a phone without JavaScript: paid at the wallet after a first try without enough in it; and given up
// there, paid by QR code instead, while the wallet's page that was left open takes the fee once more and gives it back.
import { test } from 'node:test';
import { follow, look, says, withBrowser } from './browser.mjs';
import { named } from './people.mjs';
import { payByCode, seesState } from './resident.mjs';
import { LONG, ROOM, appears, handIn, isReadable, resident, sees } from './walks.mjs';
import { money, word } from './words.mjs';

const FEE = 7000;
const vi = (key, given) => word('vi', key, given);

/** From the dossier, or from its pay page, to the wallet's page of the order. Answers our host. */
async function toWallet(visitor) {
  const { page } = visitor;
  const ours = new URL(page.url()).host;
  if (!page.url().includes('/pay/')) await follow(page, page.locator('main a[href^="/pay/"]').first());
  await look(visitor, 'pay');
  await page.locator('form[action$="/gateway"] button[value=momo]').click();
  await page.waitForURL((url) => url.host !== ours);
  await page.locator('.amount').getByText(money('vi', FEE)).waitFor();
  await look(visitor, 'momo');
  return ours;
}

/** How it ends at the wallet; back on the city's page. */
async function decides(page, choice, ours) {
  await page.locator(`button[value=${choice}]`).click();
  await page.waitForURL((url) => url.host === ours);
}

/** The first try fails, the second pays; the page says so, and the dossier how it was paid. */
async function pays(browser) {
  const visitor = await resident(browser, named('Trần Quốc Bảo'), 'wallet');
  const { page } = visitor;
  const code = await handIn(visitor, 'dang-ky-tam-tru', ROOM);
  await sees(visitor, code, vi('services-now-pay'), 'dossier-unpaid');
  await decides(page, 'fail', await toWallet(visitor));
  await says(page, vi('ledger-failed'));
  await look(visitor, 'failed');
  await isReadable(visitor);
  await follow(page, page.locator('main a.button').first());
  await says(page, vi('ledger-failed-text'));
  await look(visitor, 'pay-again');

  await decides(page, 'success', await toWallet(visitor));
  await says(page, vi('ledger-paid-text', { amount: money('vi', FEE) }));
  await look(visitor, 'paid');
  await isReadable(visitor);
  await follow(page, page.locator('main a.button').first());
  await seesState(visitor, code, 'submitted');
  await look(visitor, 'dossier');
  await follow(page, page.locator('main a[href^="/pay/"]').first());
  await says(page, vi('ledger-channel-momo'));
  await look(visitor, 'payment');
  await visitor.leave();
}

/** The order at the wallet is left open, the fee paid by QR code; then somebody confirms the order after all. */
async function givesUp(browser) {
  const visitor = await resident(browser, named('Nguyễn Thị Lan'), 'wallet-left');
  const { page, context } = visitor;
  const code = await handIn(visitor, 'dang-ky-tam-tru', ROOM);
  await page.goto(`/dossiers/${code}`);
  const ours = await toWallet(visitor);
  const left = page.url();
  await page.goto(`/dossiers/${code}`); // back to the city without a word to the wallet
  await says(page, vi('services-now-pay'));
  await decides(page, 'cancel', await toWallet(visitor));
  await says(page, vi('ledger-failed'));
  await page.goto(`/dossiers/${code}`);
  await payByCode(visitor, FEE);
  await seesState(visitor, code, 'submitted');

  const wallet = await context.newPage();
  await wallet.goto(left);
  await decides(wallet, 'success', ours);
  await wallet.close();
  const pay = await page.locator('main a[href^="/pay/"]').first().getAttribute('href');
  await appears(visitor, pay, page.getByText(vi('ledger-refund-overpaid-text', { amount: money('vi', FEE) })).first());
  await says(page, vi('ledger-channel-vietqr'));
  await look(visitor, 'twice');
  await isReadable(visitor);
  await visitor.leave();
}

test('paid from a wallet at the second try, without JavaScript', LONG, () => withBrowser(pays));
test('given up at the wallet, paid by QR code, without JavaScript', LONG, () => withBrowser(givesUp));
