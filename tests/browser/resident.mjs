// What a resident does: finds a procedure, applies with one question a screen, pays, supplements, receives.
import assert from 'node:assert/strict';
import { follow, look, says, words } from './browser.mjs';
import { fill, mainForm, paper, send } from './form.mjs';
import { register, signIn } from './people.mjs';
import { money, state, word } from './words.mjs';

const CODE = /\b\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4}\b/;
const SCREENS_MAX = 40;

const path = (page) => new URL(page.url()).pathname;
const isSignIn = (page) => path(page) === '/sign-in';

/** Finds a procedure by what people call it, typed without accents, and opens its page. */
export async function find(visitor, typed, name) {
  const { page } = visitor;
  await page.goto('/');
  await look(visitor, 'home');
  const box = page.locator('.hero [role=search] input');
  await box.fill(typed);
  await follow(page, () => box.press('Enter'));
  await look(visitor, 'search');
  await follow(page, page.locator(`main a[href="/procedures/${name}"]`));
  await look(visitor, 'procedure');
}

/**
 * From the procedure's page to the receipt. `resident` has an account or, where `isNew`, makes one on the way. On the
 * way they go back once, and leave and come back once. Returns the dossier's code.
 */
export async function apply(visitor, { resident, isNew = false, known = {}, amount }) {
  const { page } = visitor;
  await follow(page, page.locator('main a[href$="/apply"]'));
  assert.ok(isSignIn(page), `${page.url()} asks nobody to sign in`);
  await look(visitor, 'sign-in');
  if (isNew) await register(visitor, resident, (name) => look(visitor, name));
  else await signIn(visitor, resident);
  assert.match(path(page), /^\/apply\/[^/]+\/[^/]+$/, 'signing in leads back to the application');

  const screens = [];
  while (!path(page).endsWith('/review')) {
    assert.ok(screens.length < SCREENS_MAX, `no review after ${SCREENS_MAX} screens; the last was ${page.url()}`);
    screens.push(path(page));
    await screen(visitor, known);
    if (screens.length === 2) await goBack(visitor, screens);
    if (screens.length === 3) await leaveAndResume(visitor);
  }
  assert.ok(screens.length >= 6, `one question a screen, yet only ${screens.length}`);
  return review(visitor, amount, resident);
}

/** One screen: looked at, filled in, sent. */
export async function screen(visitor, known) {
  const { page, scripts } = visitor;
  const form = mainForm(page);
  const hasFile = (await form.locator('input[type=file]').count()) > 0;
  await fill(form, known);
  if (hasFile) {
    // The chosen file is named at once where scripts run; it is stored and can be taken away in either case.
    if (scripts) await page.locator('upload-field [role=status]').getByText(/\.(pdf|png)/).waitFor();
    await look(visitor, 'upload');
  } else {
    const kind = await form.evaluate((element) => {
      const boxes = element.querySelectorAll('input:not([type=hidden]), textarea, select');
      const first = boxes[0];
      return first?.name === 'unit' ? 'unit' : first?.type === 'radio' ? 'question' : boxes.length > 1 ? 'questions' : first?.type;
    });
    await look(visitor, kind);
  }
  await send(page, form);
}

/** Back shows what was answered; sending it again leads on. */
async function goBack(visitor, screens) {
  const { page } = visitor;
  await follow(page, page.locator('main a.back'));
  assert.equal(path(page), screens.at(-1), 'back leads to the screen before');
  const form = mainForm(page);
  const kept = await form.evaluate((element) =>
    [...element.querySelectorAll('input:not([type=hidden]), textarea, select')].some((box) =>
      box.type === 'radio' ? box.checked : box.value !== ''),
  );
  assert.ok(kept, 'the answer is still there');
  await send(page, form);
}

/** Saves and leaves; the draft waits among one's dossiers and goes on where it was left. */
async function leaveAndResume(visitor) {
  const { page, language, scripts } = visitor;
  const left = path(page);
  if (scripts) {
    const box = mainForm(page).locator('input[type=text], textarea').first();
    if ((await box.count()) > 0) {
      await box.fill('Phường Hải Châu');
      await page.locator('autosave-hint').getByText(word(language, 'save-kept')).waitFor();
    }
  }
  await follow(page, mainForm(page).locator('button[name=leave]'));
  assert.equal(path(page), '/dossiers');
  await says(page, word(language, 'services-said-saved'));
  await look(visitor, 'drafts');
  await follow(page, page.locator('main a.button[href^="/apply/"]').first());
  assert.equal(path(page), left, 'the draft goes on where it was left');
}

/** Reads everything once more, changes one answer, hands in. */
async function review(visitor, amount, resident) {
  const { page, language } = visitor;
  if (amount) await says(page, money(language, amount));
  else {
    // The city's own note says so where no amount is known.
    const notes = [word(language, 'services-fee-none'), 'Nguồn chưa nêu mức phí', 'The source names no fee'];
    const shown = await words(page);
    assert.ok(notes.some((note) => shown.includes(note)), 'the review says what it costs');
  }
  assert.ok((await words(page)).includes(resident.name), 'the review names who applies');
  await look(visitor, 'review');
  await follow(page, page.locator('.summary__change a').first());
  await send(page);
  assert.ok(path(page).endsWith('/review'), 'a changed answer leads back to the review');
  return submit(visitor);
}

/** Hands in what was reviewed and reads the code on the receipt. */
export async function submit(visitor) {
  const { page } = visitor;
  await follow(page, page.locator('form[action$="/submit"] button'));
  const code = CODE.exec(await words(page))?.[0];
  assert.ok(code, `${page.url()} shows no code`);
  assert.equal(path(page), `/dossiers/${code}`);
  assert.match(await page.locator('svg.qr').first().getAttribute('aria-label'), new RegExp(code.replaceAll('.', '\\.')));
  await look(visitor, 'receipt');
  return code;
}

/** Opens the payment and sees the amount. */
async function openPayment(visitor, amount) {
  const { page, language } = visitor;
  await follow(page, page.locator('main a[href^="/pay/"]').first());
  await says(page, money(language, amount));
  await look(visitor, 'pay');
}

/** Pays by the QR code, in the stand-in for a bank's app; the page of the city learns of it by itself. */
export async function payByCode(visitor, amount) {
  const { page, context, language, scripts } = visitor;
  await openPayment(visitor, amount);
  const bank = await context.newPage();
  await bank.goto(await page.locator('a[data-simulate]').getAttribute('href'));
  await bank.locator('.amount').getByText(money('vi', amount)).waitFor();
  await follow(bank, bank.locator('form[action="/bank/pay"] > button').first());
  await bank.locator('h1.good').waitFor();
  await bank.close();
  if (!scripts) await page.reload();
  await says(page, word(language, 'ledger-paid'));
  await paid(visitor, amount);
}

/** Pays at the stand-in for the gateway: the first card has no money, the second has. */
export async function payByGateway(visitor, amount) {
  const { page, language } = visitor;
  await openPayment(visitor, amount);
  const ours = new URL(page.url()).host;
  for (const choice of ['fail', 'success']) {
    await page.locator('form[action$="/gateway"] button[value=vnpay]').click();
    await page.waitForURL((url) => url.host !== ours);
    await page.locator('.amount').getByText(money('vi', amount)).waitFor();
    await page.locator(`button[value=${choice}]`).click();
    await page.waitForURL((url) => url.host === ours);
    if (choice === 'success') break;
    await says(page, word(language, 'ledger-failed'));
    await look(visitor, 'pay-failed');
    await follow(page, page.locator('main a.button').first());
  }
  await says(page, word(language, 'ledger-paid'));
  await paid(visitor, amount);
}

async function paid(visitor, amount) {
  const { page, language } = visitor;
  await says(page, word(language, 'ledger-paid-text', { amount: money(language, amount) }));
  await look(visitor, 'paid');
  await follow(page, page.locator('main a.button').first());
}

/** Their page of a dossier, in the state it should be in. Where it is open already, it changes by itself. */
export async function seesState(visitor, code, id, { isOpen = false } = {}) {
  const { page, language, scripts } = visitor;
  if (!isOpen || !scripts) await page.goto(`/dossiers/${code}`);
  await says(page, state(language, id));
}

/** Answers the office's request for more papers. */
export async function supplement(visitor, code, asked) {
  const { page, language } = visitor;
  await seesState(visitor, code, 'supplement_requested', { isOpen: true });
  await says(page, asked);
  await look(visitor, 'dossier-asked');
  await follow(page, page.locator(`main a[href$="/actions/supplement"]`));
  await look(visitor, 'supplement');
  const form = mainForm(page);
  await form.locator('input[type=file]').setInputFiles(paper('sổ hộ khẩu cũ.pdf'));
  await form.locator('textarea').fill('Tôi gửi thêm bản chụp sổ hộ khẩu cũ.');
  await send(page, form);
  await says(page, word(language, 'services-said-done'));
  await says(page, 'sổ hộ khẩu cũ.pdf');
  await seesState(visitor, code, 'processing', { isOpen: true });
}

/** Reads what has been told meanwhile. */
export async function readsNotices(visitor, code) {
  const { page, language } = visitor;
  await page.goto('/notices');
  await says(page, word(language, 'notice-dossier-supplement', { code }));
  await look(visitor, 'notices');
  await follow(page, page.locator('main form[action$="/read"] button').last());
}

/** The signed result, as a file. */
export async function download(visitor, code) {
  const { page } = visitor;
  await look(visitor, 'result');
  const link = page.locator(`main a[href="/dossiers/${code}/result.pdf"]`);
  const answer = await page.request.get(await link.getAttribute('href'));
  assert.equal(answer.status(), 200);
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  const buffer = await answer.body();
  assert.ok(buffer.subarray(0, 5).equals(Buffer.from('%PDF-')) && buffer.includes('/ByteRange'), 'a signed PDF');
  return { name: 'kết quả.pdf', mimeType: 'application/pdf', buffer };
}
