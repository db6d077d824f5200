// One map on the screen: MapLibre with the server's style, the layers that are switched on, and what is drawn over it.
import { Map as GlMap, ScaleControl, addProtocol, setWorkerUrl } from 'maplibre-gl';
import type { GeoJSONSource, MapOptions, StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Config } from './config';
import { Credits } from './credits';
import { make } from './dom';
import type { Say } from './say';
import { addressed, composed, fetchStyle, layerOf, nothing, type Overlay, type Theming } from './style';

setWorkerUrl(workerUrl);

/** The base map of a city without a tile server is one file, of which parts are asked for. */
let archives: Promise<void> | null = null;
function archive(): Promise<void> {
  archives ??= import('pmtiles').then(({ Protocol }) => addProtocol('pmtiles', new Protocol().tile));
  return archives;
}

export const reduced = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export interface SceneParts {
  host: HTMLElement;
  config: Config;
  say: Say;
  theming: Theming;
  options?: Partial<MapOptions>;
  /** As of another day than the page's. */
  at?: string | null;
  /** With a scale and the sources of the data. */
  furnished?: boolean;
}

export class Scene {
  readonly map: GlMap;
  readonly view: HTMLElement;
  readonly #parts: SceneParts;
  readonly #overlays = new Map<string, Overlay>();
  readonly #shown = new Map<string, boolean>();
  /** What was ever switched on: a style that is asked for anew holds it all. */
  #asked = new Set<string>();
  #style: StyleSpecification;
  #turn = 0;
  #told: (style: StyleSpecification) => void = () => {};

  private constructor(parts: SceneParts, style: StyleSpecification) {
    this.#parts = parts;
    this.#style = style;
    const { config, host, theming } = parts;
    this.view = make('div', { class: 'map-view' });
    host.append(this.view);
    this.map = new GlMap({ ...this.#options(), container: this.view, style: this.#composed() });
    this.map.touchZoomRotate.disableRotation();
    if (parts.furnished) this.#furnish();
    this.map.on('style.load', () => this.#refill());
    this.map.on('error', () => parts.say.failed(config.texts.load_failed));
    theming.onChange(() => void this.#restyle());
  }

  /** Fetches the style and makes the map; throws where the browser has no WebGL 2. */
  static async make(parts: SceneParts): Promise<Scene> {
    const style = await fetchStyle(address(parts));
    if (JSON.stringify(style.sources).includes('"pmtiles://')) await archive();
    return new Scene(parts, style);
  }

  #options(): Partial<MapOptions> {
    const { config, options } = this.#parts;
    const { texts } = config;
    return {
      center: config.center,
      zoom: config.zoom,
      ...(config.bounds ? { bounds: config.bounds, fitBoundsOptions: { padding: 32, maxZoom: 19 } } : {}),
      attributionControl: false,
      maplibreLogo: false,
      maxPitch: 0,
      maxZoom: 22,
      fadeDuration: reduced() ? 0 : 200,
      locale: { 'Map.Title': texts.map ?? document.querySelector('h1')?.textContent?.trim() ?? document.title },
      ...options,
    };
  }

  #furnish(): void {
    const { config, host } = this.#parts;
    this.map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left');
    const credits = new Credits(config.texts.sources ?? '©');
    credits.tell(this.#style);
    host.append(credits.element);
    this.#told = (style) => credits.tell(style);
  }

  /** The layer is asked to show or not; a layer that the style does not hold is fetched with it. */
  setShown(code: string, shown: boolean): void {
    if (this.#parts.config.layers.some((layer) => layer.code === code && layer.always)) return;
    this.#shown.set(code, shown);
    if (shown) this.#asked.add(code);
    const own = this.#style.layers.filter((layer) => layerOf(layer) === code);
    if (shown && own.length === 0) {
      void this.#restyle();
      return;
    }
    this.#show(own, shown);
  }

  /** Layers of the style that draw the city's layers, each with its code. */
  drawn(): { id: string; code: string }[] {
    const layers = this.#style.layers.filter((layer) => this.map.getLayer(layer.id));
    return layers.flatMap((layer) => {
      const code = layerOf(layer);
      return code ? [{ id: layer.id, code }] : [];
    });
  }

  /** What the style writes beside a layer's features. */
  labels(code: string): unknown[] {
    return this.#style.layers.flatMap((layer) =>
      layer.type === 'symbol' && layerOf(layer) === code ? [layer.layout?.['text-field'] ?? null] : [],
    );
  }

  /** Draws shapes of the map's own above the style; their source has the overlay's name. */
  lay(name: string, layers: Overlay['layers']): void {
    this.#overlays.set(name, { data: nothing(), layers });
    const apply = (): void => {
      if (!this.map.getSource(name)) this.map.addSource(name, { type: 'geojson', data: nothing() });
      for (const layer of layers) if (!this.map.getLayer(layer.id)) this.map.addLayer(layer);
      this.#refill();
    };
    // A style that is still being read takes nothing; one that is laid later has the overlay in it.
    try {
      apply();
    } catch {
      this.map.once('style.load', apply);
    }
  }

  fill(name: string, features: GeoJSON.Feature[]): void {
    const overlay = this.#overlays.get(name);
    if (!overlay) return;
    overlay.data = { type: 'FeatureCollection', features };
    this.map.getSource<GeoJSONSource>(name)?.setData(overlay.data);
  }

  #show(layers: StyleSpecification['layers'], shown: boolean): void {
    for (const { id } of layers) {
      if (this.map.getLayer(id)) this.map.setLayoutProperty(id, 'visibility', shown ? 'visible' : 'none');
    }
  }

  /** What came while the style was read. */
  #refill(): void {
    for (const [code, shown] of this.#shown) {
      this.#show(this.#style.layers.filter((layer) => layerOf(layer) === code), shown);
    }
    for (const [name, overlay] of this.#overlays) this.map.getSource<GeoJSONSource>(name)?.setData(overlay.data);
  }

  #composed(): StyleSpecification {
    return composed(this.#style, (code) => this.#shown.get(code) ?? null, this.#overlays);
  }

  async #restyle(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const style = await fetchStyle(address(this.#parts, this.#asked));
      if (turn !== this.#turn) return;
      this.#style = style;
      this.#told(style);
      this.map.setStyle(this.#composed());
    } catch {
      this.#parts.say.failed(this.#parts.config.texts.load_failed);
    }
  }
}

function address({ config, theming, at }: SceneParts, layers?: Set<string>): string {
  const changes: Record<string, string | null> = {};
  if (at !== undefined) changes['at'] = at;
  if (layers?.size) changes['layers'] = [...layers].join(',');
  return addressed(config.styles[theming.theme], changes);
}
