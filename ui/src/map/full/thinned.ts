// At low zooms a tile has a budget; where not everything fits, the server says so beside the tile (`Tile-Thinned`), and
// the map says it to whoever looks. What the program that draws fetches does not show its headers, so the tile in the
// middle is asked for once more, from the browser's own keeping.
import type { VectorTileSource } from 'maplibre-gl';
import type { Config } from '../config';
import type { Say } from '../say';
import type { Scene } from '../scene';

/** No tile of a closer zoom is thinned. */
const ZOOM_MAX = 10;
const SIDE = 512;

export function thinned(scene: Scene, config: Config, say: Say): void {
  let last = '';
  scene.map.on('idle', () => {
    const asked = addresses(scene);
    const now = asked.join(' ');
    if (now === last) return;
    last = now;
    void Promise.all(asked.map(isThinned)).then((found) => {
      if (now === last) say.note('thinned', found.includes(true) ? config.texts.thinned : undefined);
    });
  });
}

function addresses(scene: Scene): string[] {
  const { map } = scene;
  const zoom = Math.floor(map.getZoom());
  if (zoom > ZOOM_MAX) return [];
  const { lng, lat } = map.getCenter();
  const tiles = 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  const x = Math.floor(((lng + 180) / 360) * tiles);
  const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * tiles);
  const sources = new Set<string>();
  for (const { id } of scene.drawn()) {
    const layer = map.getLayer(id);
    if (layer && layer.type !== 'background' && map.getLayoutProperty(id, 'visibility') !== 'none') sources.add(layer.source);
  }
  return [...sources].flatMap((name) => {
    const source = map.getSource<VectorTileSource>(name);
    const [tile] = source?.type === 'vector' && source.tileSize === SIDE ? (source.tiles ?? []) : [];
    const inside = source && zoom >= source.minzoom && zoom <= source.maxzoom;
    return tile?.startsWith('http') && inside ? [tile.replace('{z}', String(zoom)).replace('{x}', String(x)).replace('{y}', String(y))] : [];
  });
}

async function isThinned(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).headers.has('tile-thinned');
  } catch {
    return false;
  }
}
