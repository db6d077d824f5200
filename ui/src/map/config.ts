// What a page tells its map: the JSON that the server writes into <city-map>.

export type Mode = 'full' | 'card' | 'edit' | 'print' | 'compare' | 'embed' | 'pick';
export type Theme = 'day' | 'dark';
export type Shape = 'point' | 'line' | 'polygon' | 'any';

/** Longitude, latitude, and what else a position carries. */
export type Position = number[];

export type Geometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'MultiPoint' | 'LineString'; coordinates: Position[] }
  | { type: 'MultiLineString' | 'Polygon'; coordinates: Position[][] }
  | { type: 'MultiPolygon'; coordinates: Position[][][] }
  | { type: 'GeometryCollection'; geometries: Geometry[] };

export interface LayerEntry {
  code: string;
  title: string;
  group: string;
  shape: Shape;
  color: string;
  shown: boolean;
  editable: boolean;
  simulated: boolean;
  /** Nobody switches it off: the names of both archipelagos and of the sea. */
  always?: boolean;
  min_zoom: number;
  swatch: string;
}

/** The words of controls. Those of the second list may be absent: the map does without the word or the control. */
export type Texts = Record<
  | 'measure_length' | 'measure_area' | 'measure_clear' | 'search_none' | 'load_failed' | 'webgl_missing' | 'vertex_added'
  | 'snap_on' | 'undo_point' | 'finish' | 'cancel' | 'north' | 'simulated' | 'thinned' | 'north_up' | 'zoom_in' | 'zoom_out'
  | 'at_now' | 'close',
  string
> &
  Partial<
    Record<
      /** The name of the map for screen readers, and how its keys work. */
      | 'map' | 'keys'
      /** What to do now: while measuring, drawing, picking a point. */
      | 'measure_help' | 'draw_help' | 'pick_help'
      /** Several features lie under the click; nothing lies there; the device does not tell its position. */
      | 'choose' | 'nothing_here' | 'locate_failed'
      /** The divider of two dates. */
      | 'divider'
      /** Commands of the editor. */
      | 'remove_point' | 'redo_point' | 'draw_again' | 'snap_off' | 'shape_point' | 'shape_line' | 'shape_polygon'
      /** What is written in the box is no geometry. */
      | 'geometry_wrong'
      /** The layer shows only from a closer zoom. */
      | 'zoom_to_see'
      /** The sheet of a phone; the button that opens the sources of the data. */
      | 'panel' | 'sources',
      string
    >
  >;

export interface Config {
  mode: Mode;
  styles: Record<Theme, string>;
  center: [number, number];
  zoom: number;
  /** West, south, east, north: shown whole instead of center and zoom. */
  bounds: [number, number, number, number] | null;
  lang: string;
  layers: LayerEntry[];
  groups: { id: string; title: string }[];
  /** As of this day; the other day of a comparison. */
  at: string | null;
  and: string | null;
  /** What the page is about: marked on the map, and what is edited. */
  feature: { layer: string; id: number | string | null; geometry: Geometry | null } | null;
  placesUrl: string | null;
  placesAtUrl: string | null;
  /** Id of the textarea that holds the geometry. */
  input: string | null;
  shape: Shape;
  texts: Texts;
}

const EMPTY: Omit<Config, 'mode' | 'styles'> = {
  center: [108.2208, 16.0678],
  zoom: 12,
  bounds: null,
  lang: 'vi',
  layers: [],
  groups: [],
  at: null,
  and: null,
  feature: null,
  placesUrl: null,
  placesAtUrl: null,
  input: null,
  shape: 'any',
  texts: {} as Texts,
};

/** The configuration in the element; none if the page gave none. */
export function readConfig(element: Element): Config | null {
  const text = element.querySelector('script[type="application/json"]')?.textContent;
  if (!text) return null;
  const given = JSON.parse(text) as Partial<Config>;
  if (!given.mode || !given.styles) return null;
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
  return { ...EMPTY, mode: given.mode, styles: given.styles, ...set };
}
