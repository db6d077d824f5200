// The city's map with all around it, and the same without a page around it for other sites.
import type { Point } from 'maplibre-gl';
import type { SceneParts, Scene } from '../scene';
import { mark } from '../mark';
import { Asking } from './click';
import { under } from './features';
import { Measure } from './measure';
import { search } from './search';
import { sheet } from './sheet';
import { thinned } from './thinned';
import { tools } from './tools';
import { tree } from './tree';

export function full(scene: Scene, { host, config, say, theming }: SceneParts): void {
  const { map } = scene;
  const putDown = sheet(config.texts.panel);
  const asking = new Asking(scene, host, config, say);
  let unpress = (): void => {};
  const measure = new Measure(scene, host, config, () => unpress());
  unpress = tools(scene, config, say, theming, {
    begin: (isArea: boolean) => {
      putDown();
      asking.panel.close();
      measure.begin(isArea);
    },
    end: () => measure.end(),
  });
  tree(scene, config);
  search(scene, config, (place) => {
    putDown();
    if (place.layer && place.feature) void asking.show({ layer: { code: place.layer }, id: place.feature });
  });
  thinned(scene, config, say);
  if (config.feature?.geometry) mark(scene, config.feature.geometry);

  const act = (point: Point): void => {
    const place = map.unproject(point);
    if (measure.active) return measure.add(place.toArray());
    putDown();
    asking.at(point, place);
  };
  map.on('click', (event) => act(event.point));
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key === 'Enter') act(map.project(map.getCenter()));
    else if (event.key === 'Backspace' && measure.active) measure.undo();
    else if (event.key === 'Escape' && measure.active) measure.end();
    else if (event.key === 'Escape') asking.panel.close();
    else return;
    event.preventDefault();
  });
  hover(scene, host, (point) => !measure.active && under(scene, config, point).length > 0);
}

/** The pointer says where there is something to ask for; looked at once a frame at most. */
function hover({ map }: Scene, host: HTMLElement, over: (point: Point) => boolean): void {
  if (!matchMedia('(hover: hover)').matches) return;
  let waiting = 0;
  map.on('mousemove', ({ point }) => {
    if (waiting || map.isMoving()) return;
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      host.toggleAttribute('data-over', over(point));
    });
  });
}
