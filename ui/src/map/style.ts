// The styles that the server writes: fetched, with what the map itself draws laid over them, and layers shown or hidden.
import type { GeoJSONSourceSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Theme } from './config';

/** What the map draws of itself: one source of shapes and the layers that show it. */
export interface Overlay {
  data: GeoJSON.FeatureCollection;
  layers: LayerSpecification[];
}

export const nothing = (): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features: [] });

/** Which declared layer of the city a layer of the style draws. */
export function layerOf(layer: { metadata?: unknown }): string | null {
  const metadata = layer.metadata as { layer?: unknown } | undefined;
  return typeof metadata?.layer === 'string' ? metadata.layer : null;
}

export async function fetchStyle(address: string): Promise<StyleSpecification> {
  const answer = await fetch(address, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  return ours((await answer.json()) as StyleSpecification);
}

/** The style names everything by the city's public address; whoever came by another (an inner name, localhost) stays
 *  there, because the page may connect to nothing else. */
function ours(style: StyleSpecification): StyleSpecification {
  if (typeof style.sprite !== 'string') return style;
  const { origin } = new URL(style.sprite, location.href);
  return origin === location.origin ? style : JSON.parse(JSON.stringify(style).replaceAll(origin, location.origin));
}

/** The address of a style with other layers, or as of another day. */
export function addressed(address: string, changes: Record<string, string | null>): string {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  // A comma between codes is meant as one.
  return url.href.replaceAll('%2C', ',');
}

/** The style with layers shown or hidden as asked, and the overlays above all else. */
export function composed(
  style: StyleSpecification,
  visible: (code: string) => boolean | null,
  overlays: ReadonlyMap<string, Overlay>,
): StyleSpecification {
  const layers = style.layers.map((layer): LayerSpecification => {
    const code = layerOf(layer);
    const shown = code === null ? null : visible(code);
    if (shown === null) return layer;
    return { ...layer, layout: { ...layer.layout, visibility: shown ? 'visible' : 'none' } } as LayerSpecification;
  });
  const sources = { ...style.sources };
  for (const [name, overlay] of overlays) {
    const source: GeoJSONSourceSpecification = { type: 'geojson', data: overlay.data };
    sources[name] = source;
    layers.push(...overlay.layers);
  }
  return { ...style, sources, layers };
}

/** By day or by night: what the device asks for, until somebody chooses. */
export class Theming {
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  #chosen: Theme | null = null;
  #heard: (() => void)[] = [];

  constructor(fixed: Theme | null = null) {
    this.#chosen = fixed;
    this.#dark.addEventListener('change', () => this.#chosen ?? this.#tell());
  }

  get theme(): Theme {
    return this.#chosen ?? (this.#dark.matches ? 'dark' : 'day');
  }

  toggle(): void {
    this.#chosen = this.theme === 'day' ? 'dark' : 'day';
    this.#tell();
  }

  onChange(heard: () => void): void {
    this.#heard.push(heard);
  }

  #tell(): void {
    this.#heard.forEach((heard) => heard());
  }
}
