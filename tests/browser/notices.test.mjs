// How one is told: channels chosen with and without scripts, an address proven by a code, and this browser as a device
// that takes notices. Real push services cannot be reached from here: the browser's subscription is a stand-in.
import assert from 'node:assert/strict';
import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { base, follow, look, person, says, withBrowser, words } from './browser.mjs';
import { someone, signIn } from './people.mjs';

const PATH = '/account/notices';

async function chooses(browser, scripts) {
  const visitor = await person(browser, { scripts });
  await signIn(visitor, someone('resident'));
  const { page } = visitor;
  await page.goto(PATH);
  await look(visitor, scripts ? 'notices-channels' : 'notices-channels-plain');
  assert.equal(await page.locator('push-button button').count(), scripts ? 1 : 0, 'the button needs scripts');
  const money = page.locator('input[name=money][value=email]');
  const was = await money.isChecked();
  await money.setChecked(!was);
  await follow(page, page.locator('form[action="/account/notices"] button').last());
  assert.equal(await money.isChecked(), !was);
  await money.setChecked(was);
  await follow(page, page.locator('form[action="/account/notices"] button').last());
  assert.equal(await page.locator('input[name=security][value=email]').count(), 0, 'security always goes by e-mail');
  await visitor.leave();
}

test('channels are chosen', () => withBrowser((browser) => chooses(browser, true)));
test('channels are chosen without scripts', () => withBrowser((browser) => chooses(browser, false)));

test('an e-mail address is proven by a code', () =>
  withBrowser(async (browser) => {
    const visitor = await person(browser, { scripts: false });
    const resident = someone('resident');
    await signIn(visitor, resident);
    const { page } = visitor;
    await page.goto(PATH);
    const ask = page.locator('form[action="/account/notices/code"]:has(input[value=email]) button');
    // A demo that was walked through before knows it already.
    if (await ask.count()) {
      await follow(page, ask);
      await look(visitor, 'notices-code');
      const code = await codeFor(browser, resident.email);
      await page.locator('input[name=code]').fill(code);
      await follow(page, page.locator('form[action="/account/notices/verification"] button'));
    }
    await says(page, 'Đã xác minh');
    await visitor.leave();
  }));

/** The latest code in the demo's mailbox. */
async function codeFor(browser, address) {
  const visitor = await person(browser, { scripts: false });
  const { page } = visitor;
  for (let n = 0; n < 50; n += 1) {
    await page.goto('/demo/mailbox');
    const letter = page.locator('.link-list__item', { hasText: address }).filter({ hasText: 'Mã xác nhận' }).first();
    const found = (await letter.count()) && /Mã xác nhận (\d{6})/.exec(await letter.innerText());
    if (found) {
      await look(visitor, 'mailbox');
      await visitor.leave();
      return found[1];
    }
    await page.waitForTimeout(200);
  }
  return assert.fail(`no code for ${address} in the mailbox`);
}

/** What a push service would have given the browser. */
function standIn() {
  const key = createECDH('prime256v1');
  const p256dh = key.generateKeys('base64url');
  const endpoint = `https://fcm.googleapis.com/fcm/send/stand-in-${randomUUID()}`;
  return { endpoint, expirationTime: null, keys: { p256dh, auth: randomBytes(16).toString('base64url') } };
}

test('this browser takes notices and shows them', () =>
  withBrowser(async (browser) => {
    const visitor = await person(browser);
    const { page, context } = visitor;
    await context.grantPermissions(['notifications'], { origin: new URL(base).origin });
    await context.addInitScript((given) => {
      const made = { ...given, options: {}, toJSON: () => given, unsubscribe: async () => true };
      PushManager.prototype.subscribe = async () => made;
      PushManager.prototype.getSubscription = async () => null;
    }, standIn());
    await signIn(visitor, someone('resident'));
    await page.goto(PATH);
    const before = await page.locator('[data-endpoint]').count();
    await follow(page, page.locator('push-button button'));
    assert.equal(await page.locator('[data-endpoint]').count(), before + 1, 'the device is in the list');
    assert.match(await words(page), /Chrome/);

    const session = await context.newCDPSession(page);
    const registered = new Promise((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const found = registrations.find((one) => !one.isDeleted);
        if (found) resolve(found.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    const registrationId = await registered;
    const data = JSON.stringify({ title: 'Hồ sơ đã có kết quả', body: 'Xin xem.', link: '/notices', tag: 'a', lang: 'vi' });
    await session.send('ServiceWorker.deliverPushMessage', { origin: new URL(base).origin, registrationId, data });
    const shown = await page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready;
      for (let n = 0; n < 100; n += 1) {
        const notices = await worker.getNotifications();
        if (notices.length) return notices.map(({ title, body, lang, tag }) => ({ title, body, lang, tag }));
        await new Promise((done) => setTimeout(done, 50));
      }
      return [];
    });
    assert.deepEqual(shown, [{ title: 'Hồ sơ đã có kết quả', body: 'Xin xem.', lang: 'vi', tag: 'a' }]);

    await follow(page, page.locator('form[action$="/remove"] button').last());
    assert.equal(await page.locator('[data-endpoint]').count(), before, 'and is taken away again');
    await visitor.leave();
  }));
