// One dossier from a resident's phone to a signed result, as the people in it would do it: they look for what they
// need, press the button that goes on, and read what the page says.
import assert from 'node:assert/strict';
import { person } from './browser.mjs';
import { fill, mainForm, send } from './form.mjs';
import { signIn, someone } from './people.mjs';

const CODE = /\b\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4}\b/;
const QUESTIONS_MAX = 60;
const STEPS_MAX = 20;

/** What is pressed, in the words of the pages. */
const WORDS = {
  apply: /^Nộp hồ sơ/,
  pay: /^Thanh toán/,
  gateway: /VNPay/i,
  gatewayPays: /^Thanh toán|^Đồng ý|^Pay/i,
  // An officer's next step, in the order of the work.
  officer: [/^Tiếp nhận/, /^Phân công/, /^Bắt đầu/, /^Thẩm định/, /^Trình ký/, /^Ban hành/, /^Trả kết quả/],
  leader: [/^Ký/, /^Phê duyệt/],
  result: /Kết quả|Tải/,
};

/** Presses what carries these words, link or button, and waits for the next page. */
export async function press(page, words) {
  const target = page.locator('main').locator('a:visible, button:visible').filter({ hasText: words }).first();
  await Promise.all([page.waitForEvent('load'), target.click()]);
}

const offers = async (page, words) =>
  (await page.locator('main').locator('a:visible, button:visible').filter({ hasText: words }).count()) > 0;

/** Finds a procedure by what people call it, and opens its page. */
export async function find(visitor, words) {
  const { page } = visitor;
  await page.goto('/');
  const box = page.locator('[role=search] input[type=search]').first();
  await box.fill(words);
  await Promise.all([page.waitForEvent('load'), box.press('Enter')]);
  await Promise.all([page.waitForEvent('load'), page.locator('main a[href*="/procedures/"]').first().click()]);
}

/** From the procedure's page to the receipt; `look` is told of each page. Returns the dossier's code. */
export async function apply(visitor, resident, look) {
  const { page } = visitor;
  await press(page, WORDS.apply);
  if (new URL(page.url()).pathname.startsWith('/sign-in')) {
    await look('sign-in');
    await signIn(visitor, resident);
  }
  for (let question = 0; question < QUESTIONS_MAX; question += 1) {
    const code = CODE.exec(await page.locator('main').innerText())?.[0];
    if (code) return code;
    if (question === 1) await look('question');
    const form = mainForm(page);
    await fill(form);
    await send(page, form);
  }
  return assert.fail(`no receipt after ${QUESTIONS_MAX} pages; the last was ${page.url()}`);
}

/** Pays by the gateway of the sandbox, whose pages are not ours. */
export async function pay(visitor, look) {
  const { page } = visitor;
  await press(page, WORDS.pay);
  await look('pay');
  const ours = new URL(page.url()).host;
  await press(page, WORDS.gateway);
  for (let step = 0; step < 5 && new URL(page.url()).host !== ours; step += 1) {
    const button = page.locator('a, button, input[type=submit]').filter({ hasText: WORDS.gatewayPays }).first();
    await Promise.all([page.waitForEvent('load'), button.click()]);
  }
}

/** Officer and leader take the dossier in turn until none of them has a step left. */
export async function handle(browser, code, options, look) {
  const desks = [
    { role: 'officer', words: WORDS.officer },
    { role: 'leader', words: WORDS.leader },
  ];
  let idle = 0;
  for (let step = 0; idle < desks.length && step < STEPS_MAX; step += 1) {
    const desk = desks[step % desks.length];
    const visitor = await person(browser, { ...options, device: 'desktop' });
    await signIn(visitor, someone(desk.role));
    const done = await work(visitor, code, desk, look);
    idle = done > 0 ? 0 : idle + 1;
    await visitor.leave();
  }
}

async function work(visitor, code, desk, look) {
  const { page } = visitor;
  await page.goto('/inbox');
  await look(`${desk.role}-inbox`, visitor);
  const link = page.locator('main a').filter({ hasText: code }).first();
  if ((await link.count()) === 0) return 0;
  await Promise.all([page.waitForEvent('load'), link.click()]);
  await look(`${desk.role}-dossier`, visitor);
  let done = 0;
  for (const words of desk.words) {
    if (!(await offers(page, words))) continue;
    const form = page.locator('main form').filter({ has: page.locator('button').filter({ hasText: words }) }).first();
    await fill(form);
    await press(page, words);
    done += 1;
  }
  return done;
}

/** What anyone sees who has only the code. */
export async function track(visitor, code) {
  await visitor.page.goto(`/track/${code}`);
  return visitor.page.locator('main').innerText();
}

export { WORDS };
