// What every browser test needs: Debian's Chromium, a phone and a desktop, axe, screenshots. A visit that ends with an
// error on the console, a violation of the content security policy or a 5xx fails its test.
import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

export const base = process.env.SONGHAN_URL ?? 'http://127.0.0.1:8080';

// What a headless browser in a closed network needs; without them it looks up hosts of its maker at every start.
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
export const devices = { phone: PHONE, desktop: DESKTOP };

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Screenshots of the README; everyone else's go to a folder that is not kept. */
const KEPT = process.env.SONGHAN_SHOTS === '1';
const FOLDER = fileURLToPath(new URL(KEPT ? '../../docs/screenshots/' : 'out/', import.meta.url));

export function launch(extra = []) {
  const executablePath = process.env.SONGHAN_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...FLAGS, ...extra] });
}

/** Runs `walk` with one browser and ends it, whatever happens. */
export async function withBrowser(walk, extra) {
  const browser = await launch(extra);
  try {
    return await walk(browser);
  } finally {
    await browser.close();
  }
}

/**
 * One person's browser: their cookies, their language, their device. `scripts: false` is a browser that gets none:
 * they are blocked on the way, because axe itself needs JavaScript in the page.
 */
export async function person(browser, { device = 'phone', language = 'vi', scripts = true, state } = {}) {
  const context = await browser.newContext({
    ...devices[device],
    baseURL: base,
    locale: language === 'en' ? 'en-GB' : 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    reducedMotion: 'reduce',
    storageState: state,
  });
  context.setDefaultTimeout(15_000);
  const complaints = [];
  if (!scripts) await context.route(isScript, (route) => route.abort());
  context.on('page', (page) => listen(page, complaints, scripts));
  const page = await context.newPage();
  return {
    page,
    context,
    scripts,
    /** Ends the visit; nothing may have gone wrong unseen. */
    async leave() {
      await context.close();
      assert.deepEqual(complaints, [], 'the browser complained');
    },
  };
}

const isScript = (url) => /\.m?js$/.test(url.pathname);

function listen(page, complaints, scripts) {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
  page.on('console', (message) => {
    // The browser reports every 4xx as an error; whether one was right is for the test to say.
    const expected = /status of 4\d\d/.test(message.text()) || (!scripts && /ERR_FAILED/.test(message.text()));
    if (message.type() === 'error' && !expected) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} from ${response.url()}`);
  });
}

/** No finding of axe, at any level. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target).join(', ')})`);
  assert.deepEqual(found, [], `axe on ${page.url()}`);
}

/** Nothing sticks out to the right. */
export async function fits(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${page.url()} is ${content} wide in a window of ${window}`);
}

/** The page as its visitor sees it, on both devices: looked at by axe, measured, and pictured. */
export async function shot(visitor, name) {
  await mkdir(FOLDER, { recursive: true });
  const url = visitor.page.url();
  const state = await visitor.context.storageState();
  const language = (await visitor.page.getAttribute('html', 'lang')) ?? 'vi';
  for (const device of Object.keys(devices)) {
    const other = await person(visitor.context.browser(), { device, language, scripts: visitor.scripts, state });
    await other.page.goto(url, { waitUntil: 'load' });
    await other.page.evaluate(() => document.fonts.ready.then(() => true));
    await fits(other.page);
    await axe(other.page);
    await other.page.screenshot({ path: `${FOLDER}${name}-${device}.png`, fullPage: !KEPT });
    await other.leave();
  }
}

export async function forgetShots() {
  if (!KEPT) await rm(FOLDER, { recursive: true, force: true });
}

/** A port nobody listens on, for Lighthouse to speak to the browser. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
