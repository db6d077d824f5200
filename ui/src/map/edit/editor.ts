// The editor: what is drawn, step by step, each step can be taken back. It knows nothing of pointers and keys; it is
// told where something happens (hands.ts) and tells what the shape is now.
import type { Position } from '../config';
import { CORNERS_MIN, appended, corners, draftOf, empty, geometryOf, inserted, moved, removed, type Address, type Draft, type Kind } from './draft';
import type { Geometry } from '../config';

const STEPS_MAX = 200;

export class Editor {
  draft: Draft;
  drawing: boolean;
  selected: Address | null = null;
  readonly #first: Draft;
  #steps: Draft[] = [];
  #undone: Draft[] = [];
  #before: Draft | null = null;
  /** Told after every change of the shape. */
  changed: () => void = () => {};

  constructor(kind: Kind, geometry: Geometry | null) {
    const draft = geometry ? draftOf(geometry) : null;
    this.draft = draft ?? empty(kind);
    this.#first = this.draft;
    this.drawing = this.draft.parts.length === 0;
  }

  get geometry(): Geometry | null {
    return geometryOf(this.draft);
  }

  get canUndo(): boolean {
    return this.#steps.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Whole enough to be ended. */
  get canFinish(): boolean {
    return this.drawing && this.draft.kind !== 'point' && corners(this.draft).length >= CORNERS_MIN[this.draft.kind];
  }

  add(position: Position): void {
    const last = corners(this.draft).at(-1)?.position;
    if (last && last[0] === position[0] && last[1] === position[1]) return;
    this.#step(appended(this.draft, position));
    // A point is whole at once; another click moves it.
    if (this.draft.kind === 'point') this.drawing = true;
  }

  insert(address: Address, position: Position): void {
    this.#step(inserted(this.draft, address, position));
    this.selected = address;
  }

  /** A corner is held: its way is one step, however long. */
  grab(address: Address): void {
    this.#before = this.draft;
    this.selected = address;
  }

  /** A corner that comes with being held: one step with its way. */
  grabNew(address: Address, position: Position): void {
    this.#before = this.draft;
    this.draft = inserted(this.draft, address, position);
    this.selected = address;
    this.changed();
  }

  drag(position: Position): void {
    if (!this.selected || !this.#before) return;
    this.draft = moved(this.draft, this.selected, position);
    this.changed();
  }

  drop(): void {
    const before = this.#before;
    this.#before = null;
    if (!before || before === this.draft) return;
    this.#steps.push(before);
    this.#undone = [];
    this.changed();
  }

  get held(): boolean {
    return this.#before !== null;
  }

  remove(address: Address | null = this.selected): void {
    if (!address) return;
    this.selected = null;
    this.#step(removed(this.draft, address));
    if (this.draft.parts.length === 0) this.drawing = true;
  }

  undo(): void {
    const before = this.#steps.pop();
    if (!before) return;
    this.selected = null;
    // What was being drawn is drawn on; what was whole stays whole.
    this.drawing ||= before.parts.length === 0;
    this.#undone.push(this.draft);
    this.draft = before;
    this.changed();
  }

  redo(): void {
    const next = this.#undone.pop();
    if (!next) return;
    this.selected = null;
    this.#steps.push(this.draft);
    this.draft = next;
    this.changed();
  }

  finish(): void {
    if (!this.canFinish) return;
    this.drawing = false;
    this.changed();
  }

  /** Back to what it was when the page came. */
  cancel(): void {
    this.selected = null;
    this.drawing = this.#first.parts.length === 0;
    this.#step(this.#first);
  }

  /** From nothing, perhaps as another kind of shape. */
  begin(kind: Kind): void {
    this.selected = null;
    this.drawing = true;
    this.#step(empty(kind));
  }

  /** What somebody wrote. */
  replace(geometry: Geometry): boolean {
    const draft = draftOf(geometry);
    if (!draft) return false;
    this.selected = null;
    this.drawing = draft.parts.length === 0;
    this.#step(draft);
    return true;
  }

  #step(draft: Draft): void {
    this.#steps = [...this.#steps.slice(-STEPS_MAX), this.draft];
    this.#undone = [];
    this.draft = draft;
    this.changed();
  }
}
