// The buttons on the map: nearer, farther, north up again.
import type { Map as GlMap } from 'maplibre-gl';
import type { Texts } from './config';
import { button, icon, make } from './dom';

export function controls(map: GlMap, texts: Texts): HTMLElement {
  const needle = icon('compass');
  const north = button(texts.north_up, needle, () => map.easeTo({ bearing: 0, pitch: 0 }));
  const northBox = make('div', { class: 'map-controls__group map-float' }, north);
  const turned = (): void => {
    const bearing = map.getBearing();
    northBox.hidden = Math.abs(bearing) < 0.5;
    needle.style.rotate = `${-bearing}deg`;
  };
  map.on('rotate', turned);
  turned();
  const nearer = button(texts.zoom_in, icon('plus'), () => map.zoomIn());
  const farther = button(texts.zoom_out, icon('minus'), () => map.zoomOut());
  const zooms = make('div', { class: 'map-controls__group map-float' }, nearer, farther);
  return make('div', { class: 'map-controls' }, northBox, zooms);
}
