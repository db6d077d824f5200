// Begins a map in its mode. What a mode needs is fetched with it.
import './maplibre.css';
import type { Map as GlMap } from 'maplibre-gl';
import type { Config } from './config';
import { controls } from './controls';
import { make } from './dom';
import { mark } from './mark';
import { Say } from './say';
import { Scene, type SceneParts } from './scene';
import { Theming } from './style';

interface Host extends HTMLElement {
  map: GlMap | null;
}

/** Makes the map; answers how it is taken away. */
export async function start(host: Host, config: Config): Promise<() => void> {
  host.dataset['mode'] = config.mode;
  if (!hasWebGl2()) {
    host.dataset['failed'] = 'webgl';
    host.append(make('p', { role: 'status' }, config.texts.webgl_missing));
    return () => {};
  }
  const say = new Say();
  const parts: SceneParts = { host, config, say, theming: new Theming(config.mode === 'print' ? 'day' : null) };
  try {
    const scenes = await begin(parts);
    host.map = scenes[0]?.map ?? null;
    host.append(say.element);
    return () => scenes.forEach(({ map }) => map.remove());
  } catch (error) {
    host.dataset['failed'] = 'load';
    host.append(say.element);
    say.failed(config.texts.load_failed);
    console.warn(error);
    return () => {};
  }
}

async function begin(parts: SceneParts): Promise<Scene[]> {
  const { host, config } = parts;
  if (config.mode === 'compare') {
    const { compare } = await import('./compare');
    return compare(parts);
  }
  if (config.mode === 'print') {
    const { print } = await import('./print');
    return [await print(parts)];
  }
  const scene = await Scene.make({ ...parts, furnished: true, options: options(config) });
  tellIdle(host, [scene.map]);
  host.append(make('div', { class: 'map-crosshair', 'aria-hidden': 'true' }), controls(scene.map, config.texts));
  if (config.texts.keys && (config.mode === 'full' || config.mode === 'embed')) keys(host, scene.map, config.texts.keys);
  switch (config.mode) {
    case 'full':
    case 'embed': {
      const { full } = await import('./full/full');
      full(scene, parts);
      break;
    }
    case 'edit':
    case 'pick': {
      const { edit } = await import('./edit/edit');
      edit(scene, parts);
      break;
    }
    default:
      mark(scene, config.feature?.geometry ?? null);
      // The wheel scrolls the page, in which this map is only a picture of a place.
      scene.map.scrollZoom.disable();
      if (matchMedia('(pointer: coarse)').matches) scene.map.dragPan.disable();
  }
  return [scene];
}

/** How the keys work: told to screen readers, and seen while the map has the keyboard. */
function keys(host: HTMLElement, map: GlMap, text: string): void {
  host.append(make('p', { class: 'map-keys', id: 'map-keys' }, text));
  map.getCanvas().setAttribute('aria-describedby', 'map-keys');
}

function options({ mode }: Config): SceneParts['options'] {
  return mode === 'full' || mode === 'embed' ? { hash: true } : {};
}

/** `data-idle` says that everything asked for is drawn. */
export function tellIdle(host: HTMLElement, maps: GlMap[]): void {
  const idle = new Set<GlMap>();
  for (const map of maps) {
    const busy = (): void => {
      idle.delete(map);
      delete host.dataset['idle'];
    };
    map.on('movestart', busy);
    map.on('dataloading', busy);
    map.on('idle', () => {
      idle.add(map);
      if (idle.size === maps.length) host.dataset['idle'] = '';
    });
  }
}

function hasWebGl2(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}
