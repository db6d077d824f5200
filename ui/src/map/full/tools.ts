// The tools of the map's page: measure, print, where am I, day or night.
import { Marker } from 'maplibre-gl';
import type { Config } from '../config';
import { make } from '../dom';
import type { Say } from '../say';
import type { Scene } from '../scene';
import type { Theming } from '../style';
import type { Measure } from './measure';

const LOCATE_MS_MAX = 15_000;

export function tools(scene: Scene, config: Config, say: Say, theming: Theming, measure: Pick<Measure, 'begin' | 'end'>): () => void {
  const find = (tool: string): HTMLElement | null => document.querySelector(`[data-map-tools] [data-tool="${tool}"]`);
  const lines = [[find('measure-line'), false], [find('measure-area'), true]] as const;
  const unpress = (): void => lines.forEach(([button]) => button?.setAttribute('aria-pressed', 'false'));
  for (const [button, isArea] of lines) {
    button?.addEventListener('click', () => {
      const again = button.getAttribute('aria-pressed') === 'true';
      if (again) return measure.end();
      measure.begin(isArea);
      unpress();
      button.setAttribute('aria-pressed', 'true');
    });
  }
  unpress();

  const theme = find('theme');
  const themed = (): void => theme?.setAttribute('aria-pressed', String(theming.theme === 'dark'));
  theme?.addEventListener('click', () => theming.toggle());
  theming.onChange(themed);
  themed();

  find('print')?.addEventListener('click', (event) => {
    event.preventDefault();
    location.assign(sheet(scene, config));
  });

  const locate = find('locate');
  if (locate && !('geolocation' in navigator)) locate.hidden = true;
  locate?.addEventListener('click', () => here(scene, config, say, locate.textContent?.trim() ?? ''));
  return unpress;
}

/** The page for paper: what is seen, as it is seen. */
function sheet(scene: Scene, config: Config): string {
  const url = new URL('/map/print', location.href);
  const asked = new URL(location.href).searchParams.get('layers');
  const shown = asked ?? config.layers.filter((layer) => layer.shown).map((layer) => layer.code).join(',');
  const { lng, lat } = scene.map.getCenter();
  url.searchParams.set('layers', shown);
  if (config.at) url.searchParams.set('at', config.at);
  url.searchParams.set('center', `${lng.toFixed(6)},${lat.toFixed(6)}`);
  url.searchParams.set('zoom', scene.map.getZoom().toFixed(2));
  return url.href.replaceAll('%2C', ',');
}

const spot = new Marker({ element: make('div', { class: 'map-here', role: 'img' }) });

function here({ map }: Scene, { texts }: Config, say: Say, label: string): void {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const at: [number, number] = [coords.longitude, coords.latitude];
      spot.setLngLat(at).addTo(map);
      spot.getElement().setAttribute('aria-label', label);
      map.flyTo({ center: at, zoom: Math.max(map.getZoom(), 16) });
    },
    () => say.tell(texts.locate_failed ?? texts.load_failed),
    { enableHighAccuracy: true, timeout: LOCATE_MS_MAX },
  );
}
