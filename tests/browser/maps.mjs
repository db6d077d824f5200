// What the map's walks share: waiting for a map to have drawn, asking it what it draws, clicking where something lies.
import assert from 'node:assert/strict';

const DRAWN_MS_MAX = 60_000;

/** Every map of the page has drawn all there is. */
export async function drawn(page, within = 'city-map') {
  const maps = page.locator(within);
  await maps.first().waitFor({ state: 'attached' });
  await maps.first().scrollIntoViewIfNeeded();
  await page
    .waitForFunction((selector) => [...document.querySelectorAll(selector)].every((map) => 'idle' in map.dataset), within, { timeout: DRAWN_MS_MAX })
    .catch(async () => {
      const state = await maps.evaluateAll((all) => all.map((map) => `${JSON.stringify(map.dataset)} ${map.textContent}`));
      assert.fail(`${page.url()} never drew its map: ${state}`);
    });
}

/** Goes there at once and waits for the picture. */
export async function goTo(page, center, zoom) {
  await page.evaluate(([center, zoom]) => document.querySelector('city-map').map.jumpTo({ center, zoom }), [center, zoom]);
  await drawn(page);
}

/** The names that stand on the map, of a layer of the city. */
export const labels = (page, code) =>
  page.evaluate((code) => {
    const { map } = document.querySelector('city-map');
    const layers = map.getStyle().layers.filter((layer) => layer.metadata?.layer === code && layer.type === 'symbol').map(({ id }) => id);
    const found = layers.length > 0 ? map.queryRenderedFeatures({ layers }) : [];
    return found.map(({ properties }) => [properties.name, properties.full_name, properties.name_en].filter(Boolean).join(' / '));
  }, code);

/** How many of a layer's features are drawn. */
export const count = (page, code) =>
  page.evaluate((code) => {
    const { map } = document.querySelector('city-map');
    const layers = map.getStyle().layers.filter((layer) => layer.metadata?.layer === code).map(({ id }) => id);
    return new Set(map.queryRenderedFeatures({ layers }).map(({ id }) => id)).size;
  }, code);

/** Where a place lies on the screen. */
export const onScreen = (page, [lon, lat]) =>
  page.evaluate(
    ([lon, lat]) => {
      const { map } = document.querySelector('city-map');
      const box = map.getCanvas().getBoundingClientRect();
      const { x, y } = map.project([lon, lat]);
      return { x: x + box.left, y: y + box.top };
    },
    [lon, lat],
  );

/** Clicks where a place lies. */
export async function clickAt(page, place) {
  const { x, y } = await onScreen(page, place);
  await page.mouse.click(x, y);
}

/** Some features of a layer as programs get them. */
export async function features(page, code, query = {}) {
  const asked = new URLSearchParams({ limit: '20', ...query });
  const answer = await page.request.get(`/ogc/collections/${code}/items?${asked}`, { headers: { accept: 'application/geo+json' } });
  assert.equal(answer.status(), 200, `features of ${code}`);
  return (await answer.json()).features;
}

/** The middle of a shape's corners. */
export function middle(geometry) {
  const corners = [];
  const walk = (value) => (typeof value[0] === 'number' ? corners.push(value) : value.forEach(walk));
  walk(geometry.coordinates);
  return [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
}
