// What every browser test needs: Debian's Chromium, a phone and a desktop, axe, screenshots. A visit that ends with an
// error on the console, a violation of the content security policy, a missing asset or a 5xx fails its test.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import axeCore from 'axe-core';
import { chromium } from 'playwright-core';
import { pictured } from './pages.mjs';
import { slim } from './png.mjs';

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

export const devices = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** `SONGHAN_SHOTS=1` pictures the pages of the README; `all` pictures every page, into a folder that is not kept. */
const SHOTS = process.env.SONGHAN_SHOTS ?? '';
const FOLDER = fileURLToPath(new URL(SHOTS === '1' ? '../../docs/screenshots/' : 'out/', import.meta.url));

export function launch(extra = []) {
  const executablePath = process.env.SONGHAN_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...FLAGS, ...extra] });
}

/** Runs `walk` with one browser and ends it, whatever happens. */
export async function withBrowser(walk, extra) {
  const browser = await launch(extra);
  try {
    return await walk(browser);
  } catch (error) {
    await lastLook(browser);
    throw error;
  } finally {
    await browser.close();
  }
}

/** What stood on the screens when a test failed. */
async function lastLook(browser) {
  const out = fileURLToPath(new URL('out/', import.meta.url));
  await mkdir(out, { recursive: true });
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    await page.screenshot({ path: `${out}failed-${Date.now()}-${index}.png`, fullPage: true }).catch(() => {});
  }
}

/**
 * One person's browser: their cookies, their language, their device. `scripts: false` is a browser that gets none:
 * they are blocked on the way, because axe itself needs JavaScript in the page. The pages of a `walk` are named after it
 * and pictured as they are seen on it, without scripts too. `at` is another city than the one under test.
 */
export async function person(browser, { device = 'phone', language = 'vi', scripts = true, walk = '', at = base } = {}) {
  const context = await browser.newContext({
    viewport: devices[device],
    ...(device === 'phone' ? { deviceScaleFactor: 2, isMobile: true, hasTouch: true } : {}),
    baseURL: at,
    locale: language === 'en' ? 'en-GB' : 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(30_000);
  const complaints = [];
  if (!scripts) await context.route(isScript, (route) => route.abort());
  context.on('page', (page) => listen(page, complaints, scripts));
  const page = await context.newPage();
  return {
    page,
    context,
    device,
    language,
    scripts,
    walk,
    seen: new Set(),
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
    // The browser reports every 4xx as an error: of pages the test says which was right, the rest is looked at below.
    const expected = /status of 4\d\d/.test(message.text()) || (!scripts && /ERR_FAILED/.test(message.text()));
    if (message.type() === 'error' && !expected) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('response', (response) => {
    const status = response.status();
    const isAsset = response.request().resourceType() !== 'document';
    if (status >= 500 || (status >= 400 && isAsset)) complaints.push(`${status} from ${response.url()}`);
  });
}

/** No finding of axe, at any level. It is put into a page once; a page of ours holds no frames of others. */
export async function axe(page, device) {
  assert.equal(page.frames().length, 1, `${page.url()} has frames, into which axe does not look`);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeCore.source);
  // Only what is wrong is told in full: to describe all that is right takes twice as long as to look.
  const found = await page.evaluate(async (values) => {
    const { violations } = await globalThis.axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target).join(', ')})`);
  }, AXE_TAGS);
  assert.deepEqual(found, [], `axe on ${page.url()}, ${device}`);
}

/** Nothing sticks out to the right. */
export async function fits(page, width) {
  // Not `innerWidth`: on a phone it grows with what sticks out.
  const content = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(content <= width, `${page.url()} is ${content} wide in a window of ${width}`);
}

/**
 * The page as its visitor sees it, on phone and desktop: in the language asked for, measured, pictured, looked at by axe.
 * Once for each name and visitor. Axe takes a third of a walk's time: it looks at the pages of the thread and at the page
 * of all parts in both sizes, and at those of the other walks, made of the same parts, in the size of whoever walks.
 */
export async function look(visitor, name) {
  const { page, device, language, scripts, walk, seen } = visitor;
  if (seen.has(name)) return;
  seen.add(name);
  assert.equal(await page.getAttribute('html', 'lang'), language, `${page.url()} is in the wrong language`);
  const file = `${walk ? `${walk}-` : ''}${name}${language === 'en' ? '-en' : ''}`;
  const isPictured = (scripts || walk) && (SHOTS === 'all' || (SHOTS === '1' && pictured.has(file)));
  for (const [key, size] of Object.entries(devices)) {
    await page.setViewportSize(size);
    await page.evaluate(() => document.fonts.ready.then(() => true));
    if (scripts) await settled(page);
    await fits(page, size.width);
    if (!walk || key === device) await axe(page, key);
    if (isPictured) await picture(page, `${file}-${key}.png`);
  }
  await page.setViewportSize(devices[device]);
}

/** Maps that have begun have drawn what they show, also after the window has changed its size. */
async function settled(page) {
  const isDrawn = () => [...document.querySelectorAll('city-map[data-mode]')].every(({ dataset }) => 'idle' in dataset || 'failed' in dataset);
  if ((await page.locator('city-map').count()) === 0) return;
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  await page.waitForFunction(isDrawn, undefined, { timeout: 60_000 });
}

async function picture(page, name) {
  await mkdir(FOLDER, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await writeFile(FOLDER + name, slim(await page.screenshot({ scale: 'css', fullPage: SHOTS === 'all' })));
}

/** Does what leads to another page and waits for it. */
export async function follow(page, doing) {
  await Promise.all([page.waitForEvent('load'), typeof doing === 'function' ? doing() : doing.click()]);
}

/** The text of the page, as read. */
export const words = (page) => page.locator('main').innerText();

/** The page says this, now or, where it updates itself, soon. */
export async function says(page, text) {
  await page.locator('main').getByText(text).first().waitFor({ timeout: 30_000 }).catch(async () => {
    assert.fail(`${page.url()} does not say ${text}:\n${await words(page)}`);
  });
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
