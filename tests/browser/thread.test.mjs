// The whole thread, once with scripts and once without: find, apply, pay, handle, sign, receive, verify. Every page on
// the way passes axe on phone and desktop and is pictured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person, shot, withBrowser } from './browser.mjs';
import { someone } from './people.mjs';
import { WORDS, apply, find, handle, pay, press, track } from './thread.mjs';

for (const scripts of [true, false]) {
  test(`a dossier from phone to signed result, ${scripts ? 'with' : 'without'} scripts`, { timeout: 900_000 }, () =>
    withBrowser(async (browser) => {
      const seen = new Set();
      const visitor = await person(browser, { scripts });
      const look = async (name, who = visitor) => {
        if (seen.has(name)) return;
        seen.add(name);
        await shot(who, scripts ? name : `plain-${name}`);
      };
      const { page } = visitor;
      await page.goto('/');
      await look('home');
      await find(visitor, 'ban sao trich luc');
      await look('procedure');
      const code = await apply(visitor, someone('resident'), look);
      await look('receipt');
      await pay(visitor, look);
      await look('paid');

      await handle(browser, code, { scripts }, look);

      const stranger = await person(browser, { scripts });
      const told = await track(stranger, code);
      assert.ok(!told.includes(someone('resident').name), 'tracking by code alone tells a name');
      await look('track', stranger);

      await page.goto('/dossiers');
      await press(page, new RegExp(code.replaceAll('.', '\\.')));
      await look('result');
      assert.match(await page.locator('main').innerText(), WORDS.result);
      const verify = await page.locator('main a[href*="/verify/"]').first().getAttribute('href');
      await stranger.page.goto(verify);
      await look('verify', stranger);
      await stranger.leave();
      await visitor.leave();
    }));
}
