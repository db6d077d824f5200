// The city's map: by day and by night, on a phone, a parcel's card, two dates, on paper, found by search, measured,
// drawn on by an officer, in a frame of another page, and as a table without scripts. Hoàng Sa, Trường Sa and Biển Đông
// stand on it at every zoom at which one looks at them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { base, look, person, withBrowser } from './browser.mjs';
import { clickAt, count, drawn, features, goTo, labels, middle, onScreen } from './maps.mjs';
import { signIn, someone } from './people.mjs';

const LONG = { timeout: 600_000 };
/** At which zoom a parcel fills a good part of the map. */
const NEAR = 17;
const WARD = 'ubnd-hai-chau';
const at = ([lon, lat], zoom) => `#${zoom}/${lat.toFixed(5)}/${lon.toFixed(5)}`;

/** The first feature of a layer, with where it lies. */
async function first(page, code, query = {}) {
  const [found] = await features(page, code, { limit: '1', ...query });
  return { ...found, place: middle(found.geometry) };
}

async function visit(browser, options) {
  return person(browser, { device: 'desktop', walk: 'map', ...options });
}

test('the city by day, by night and on a phone', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    await page.goto('/map');
    await drawn(page);
    await look(visitor, 'city');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await drawn(page);
    await look(visitor, 'dark');
    const theme = page.locator('[data-tool=theme]');
    assert.equal(await theme.getAttribute('aria-pressed'), 'true', 'the device asked for the night');
    await theme.click();
    await drawn(page);
    assert.equal(await theme.getAttribute('aria-pressed'), 'false');
    await visitor.leave();

    const phone = await person(browser, { walk: 'map' });
    await phone.page.goto('/map');
    await drawn(phone.page);
    const sheet = phone.page.locator('.map-sheet');
    assert.equal(await sheet.getAttribute('aria-expanded'), 'false');
    await sheet.click();
    await phone.page.locator('[data-map-tree]').waitFor();
    await look(phone, 'phone-layers');
    await sheet.click();
    await look(phone, 'phone');
    await phone.leave();
  }));

test('layers are switched, a parcel shows its card', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    // Parcels are not for everyone.
    await signIn(visitor, someone('officer', WARD));
    const one = await first(page, 'parcels');
    await page.goto(`/map?layers=parcels${at(one.place, NEAR)}`);
    await drawn(page);
    assert.ok((await count(page, 'parcels')) > 0, 'parcels are drawn');
    const group = page.locator('details.map-group').filter({ has: page.locator('input[value=trees]') });
    if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
    const box = group.locator('label').filter({ has: page.locator('input[value=trees]') });
    await box.click();
    await page.waitForFunction(() => new URL(location.href).searchParams.get('layers').includes('trees'));
    await page.waitForTimeout(300);
    await drawn(page);
    assert.ok((await count(page, 'trees')) > 0, 'trees came with their box');
    await box.click();
    await drawn(page);
    assert.equal(await count(page, 'trees'), 0, 'and went with it');

    await clickAt(page, one.place);
    const card = page.locator('[data-map-card]');
    await card.waitFor();
    const choice = card.locator('.map-choices button').first();
    if (await choice.isVisible()) await choice.click();
    await card.locator('a[href*="/map/layers/parcels/features/"]').first().waitFor();
    await drawn(page);
    await look(visitor, 'card');
    await card.locator('.map-card__close').click();
    await card.waitFor({ state: 'hidden' });
    assert.ok(await page.evaluate(() => document.activeElement.tagName === 'CANVAS'), 'the focus goes back to the map');
    await page.keyboard.press('Enter');
    await card.waitFor();
    await visitor.leave();
  }));

test('a place is found, a way and an area are measured, with keys too', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    await page.goto('/map');
    await drawn(page);
    const box = page.locator('[data-map-search] [role=combobox]');
    await box.fill('hai chau');
    const options = page.locator('[data-map-search] [role=option]');
    await options.getByText('Hải Châu').first().waitFor();
    await look(visitor, 'suggestions');
    await box.press('ArrowDown');
    assert.equal(await box.getAttribute('aria-activedescendant'), await options.first().getAttribute('id'));
    await box.press('Enter');
    await page.locator('.map-pin').waitFor();
    await drawn(page);
    const center = await page.evaluate(() => document.querySelector('city-map').map.getCenter().toArray());
    assert.ok(Math.abs(center[0] - 108.22) < 0.05 && Math.abs(center[1] - 16.06) < 0.05, `the map went to ${center}`);
    await box.fill('khôngcónơinàonhưthế');
    await page.locator('[data-map-search] .suggest__none').waitFor();
    await box.press('Escape');

    await goTo(page, [108.22, 16.06], 15);
    const way = page.locator('[data-tool=measure-line]');
    await way.click();
    const figure = page.locator('[data-figure]');
    await clickAt(page, [108.22, 16.06]);
    await clickAt(page, [108.22, 16.056]);
    // 0,004° of a meridian here are 442,6 m.
    await page.waitForFunction(() => /44[0-9],\d m/.test(document.querySelector('[data-figure]').textContent));
    await page.locator('[data-command=undo]').click();
    await page.waitForFunction(() => /: 0,0 m/.test(document.querySelector('[data-figure]').textContent));
    await page.locator('[data-command=close]').click();
    await figure.waitFor({ state: 'detached' });

    await page.locator('[data-tool=measure-area]').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    for (const key of ['ArrowRight', 'ArrowDown']) {
      await page.keyboard.press(key);
      await drawn(page);
      await page.keyboard.press('Enter');
    }
    await page.waitForFunction(() => /[1-9].*(m²|ha)/.test(document.querySelector('[data-figure]').textContent));
    await look(visitor, 'measure');
    await page.keyboard.press('Escape');
    await figure.waitFor({ state: 'detached' });
    await visitor.leave();
  }));

test('two dates side by side', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    await page.goto('/map/compare?layers=communes,city-outline');
    await drawn(page);
    const line = page.locator('[role=slider]');
    assert.equal(await line.getAttribute('aria-valuenow'), '50');
    await line.focus();
    await page.keyboard.press('PageUp');
    assert.equal(await line.getAttribute('aria-valuenow'), '60');
    await page.keyboard.press('PageDown');
    const { x, y, width, height } = await line.boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 - 120, y + height / 2, { steps: 4 });
    await page.mouse.up();
    assert.ok(Number(await line.getAttribute('aria-valuenow')) < 50, 'the line is dragged');
    await line.focus();
    for (let n = 0; n < 10 && Number(await line.getAttribute('aria-valuenow')) < 50; n += 1) await page.keyboard.press('ArrowRight');
    await page.locator('.map-date').first().waitFor();
    await look(visitor, 'compare');
    await visitor.leave();
  }));

test('a sheet of paper: one page, with scale and north', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    const one = await first(page, 'buildings');
    const where = one.place.map((value) => value.toFixed(5)).join(',');
    await page.goto(`/map/print?layers=communes,buildings,roads,trees&center=${where}&scale=1:2000&paper=a4&orientation=landscape&title=T%E1%BB%9D+s%E1%BB%91+1`);
    await page.locator('city-map[data-ready]').waitFor();
    await drawn(page);
    await page.locator('.sheet__scale').getByText(/1:2[.]?000/).waitFor();
    await look(visitor, 'print');
    // Chromium counts pages as it writes them; an A4 sheet that does not fit becomes two.
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, 1, 'one sheet');
    await visitor.leave();
  }));

test('an officer draws the shape of a building', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    await signIn(visitor, someone('officer', WARD));
    const one = await first(page, 'buildings', { commune: '20242' });
    await page.goto(`/map/layers/buildings/features/${one.id}/edit`);
    await drawn(page);
    const input = page.locator('main textarea').first();
    const shape = async () => JSON.parse(await input.inputValue());
    const before = one.geometry.coordinates.flat(3);

    const [corner, next] = one.geometry.coordinates.flat(one.geometry.type === 'Polygon' ? 1 : 2);
    await input.scrollIntoViewIfNeeded();
    await page.locator('city-map').scrollIntoViewIfNeeded();
    const [from, to] = [await onScreen(page, corner), await onScreen(page, next)];
    // The middle of the first edge is pulled out: a corner more.
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2 + 18, (from.y + to.y) / 2 + 18, { steps: 5 });
    await page.mouse.up();
    await page.waitForFunction((length) => JSON.parse(document.querySelector('main textarea').value).coordinates.flat(3).length === length, before.length + 2);
    await drawn(page);
    await look(visitor, 'edit');
    await page.locator('[data-command=undo]').click();
    assert.deepEqual((await shape()).coordinates.flat(3), before, 'taken back');

    // What is written is drawn.
    const [west, south] = corner;
    const square = { type: 'Polygon', coordinates: [[[west, south], [west + 1e-4, south], [west + 1e-4, south + 1e-4], [west, south + 1e-4], [west, south]]] };
    await input.fill(JSON.stringify(square));
    await page.waitForFunction(() => /m²/.test(document.querySelector('[data-figure]').textContent));
    await visitor.leave();
  }));

test('a new tree is set on a corner that it comes near to', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    await signIn(visitor, someone('officer', WARD));
    const tree = await first(page, 'trees', { commune: '20242' });
    await page.goto('/map/layers/trees/new');
    await drawn(page);
    await goTo(page, tree.geometry.coordinates, 19);
    const { x, y } = await onScreen(page, tree.geometry.coordinates);
    await page.mouse.click(x + 6, y + 5);
    await page.waitForFunction(() => document.querySelector('main textarea').value.includes('Point'));
    const { coordinates } = JSON.parse(await page.locator('main textarea').first().inputValue());
    assert.deepEqual(coordinates, tree.geometry.coordinates.slice(0, 2), 'exactly where the other stands');
    await visitor.leave();
  }));

/** A page of somebody else, who shows the city's map. */
function host(address) {
  return new Promise((resolve) => {
    const page = `<!doctype html><html lang="vi"><title>Trang khác</title><main><h1>Trang khác</h1><iframe title="Bản đồ" width="600" height="400" src="${address}"></iframe></main></html>`;
    const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html; charset=utf-8').end(page));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

test('in a frame of another page, which no other page lets itself be put into', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser);
    const { page } = visitor;
    const server = await host(`${base}/map/embed?layers=communes`);
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const frame = page.frames().find((each) => each.url().includes('/map/embed'));
    await drawn(frame);
    await frame.locator('canvas').first().waitFor();
    server.close();
    await page.goto('/map/embed?layers=communes');
    await drawn(page);
    await look(visitor, 'embed');
    const answer = await page.request.get('/map');
    assert.match(answer.headers()['content-security-policy'], /frame-ancestors 'none'/);
    await visitor.leave();
  }));

test('the table twin, without scripts', LONG, () =>
  withBrowser(async (browser) => {
    const visitor = await visit(browser, { scripts: false });
    const { page } = visitor;
    await page.goto('/map');
    await look(visitor, 'plain');
    await page.goto('/map/layers');
    await look(visitor, 'layers');
    await page.goto('/map/layers/buildings');
    await page.locator('main table tbody tr').first().waitFor();
    assert.equal(await page.locator('city-map').first().isVisible().catch(() => false), false, 'a map that cannot be takes no room');
    await look(visitor, 'table');
    await page.locator('main table tbody a').first().click();
    await page.waitForURL(/\/map\/layers\/buildings\/features\//);
    await look(visitor, 'plain-card');
    await visitor.leave();
  }));

const SEEN = [
  { place: [112, 16.5], name: 'Hoàng Sa' },
  { place: [114, 10], name: 'Trường Sa' },
  { place: [113.5, 14], name: 'Biển Đông', zooms: [4, 6, 8] },
  // So near, a name is seen where it stands.
  { place: [112.5, 13.5], name: 'Biển Đông', zooms: [10] },
];

for (const scheme of ['light', 'dark']) {
  test(`Hoàng Sa, Trường Sa and Biển Đông, ${scheme}`, LONG, () =>
    withBrowser(async (browser) => {
      const visitor = await visit(browser);
      const { page } = visitor;
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto('/map');
      await drawn(page);
      for (const { place, name, zooms = [4, 6, 8, 10] } of SEEN) {
        for (const zoom of zooms) {
          await goTo(page, place, zoom);
          const seen = await labels(page, 'sovereignty');
          assert.ok(seen.some((label) => label.includes(name)), `${name} at zoom ${zoom} around ${place}: ${seen.join('; ') || 'nothing'}`);
        }
      }
      await visitor.leave();
    }));
}
