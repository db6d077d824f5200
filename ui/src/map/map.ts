// <city-map>: a map in a page. Its configuration is the JSON in its <script type="application/json"> (config.ts says
// what may stand there). This file is small; the map itself is fetched when the element comes near the view, so that a
// page with a map opens as fast as one without. Without scripts the element takes no room.
import type { Map as GlMap } from 'maplibre-gl';
import { readConfig } from './config';

/** How far from the view a map begins to load. */
const NEAR = '300px';

export class CityMap extends HTMLElement {
  /** The map, once it stands; of two that are compared, the earlier one. */
  map: GlMap | null = null;
  #stop: (() => void) | null = null;

  connectedCallback(): void {
    const config = readConfig(this);
    if (!config) return;
    // A sheet of paper has no view to come into.
    if (config.mode === 'print') return void this.#start(config);
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        void this.#start(config);
      },
      { rootMargin: NEAR },
    );
    observer.observe(this);
    this.#stop = () => observer.disconnect();
  }

  disconnectedCallback(): void {
    this.#stop?.();
    this.map = null;
  }

  async #start(config: NonNullable<ReturnType<typeof readConfig>>): Promise<void> {
    const { start } = await import('./start');
    if (this.isConnected) this.#stop = await start(this, config);
  }
}
customElements.define('city-map', CityMap);
