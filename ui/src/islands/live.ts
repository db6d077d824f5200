// <live-region id src>: keeps a part of the page fresh. One stream a page: regions of the same `src` share it. On
// "change" the page is fetched again and the region takes over what the region of the same id holds there; on
// "reload" (the server could not keep up) likewise.
const streams = new Map<string, EventSource>();

function stream(src: string): EventSource {
  let source = streams.get(src);
  if (!source || source.readyState === EventSource.CLOSED) {
    source = new EventSource(src);
    streams.set(src, source);
  }
  return source;
}

class LiveRegion extends HTMLElement {
  #busy = false;
  #again = false;
  #stop = new AbortController();

  connectedCallback(): void {
    const src = this.getAttribute('src');
    if (!src) return;
    this.#stop = new AbortController();
    const source = stream(src);
    for (const name of ['change', 'reload']) {
      source.addEventListener(name, () => void this.#refresh(), { signal: this.#stop.signal } as AddEventListenerOptions);
    }
  }

  disconnectedCallback(): void {
    this.#stop.abort();
  }

  async #refresh(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    // What a person is typing is not taken from under their hands.
    if (this.contains(document.activeElement) && document.activeElement?.matches('input, textarea, select')) return;
    this.#busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById(this.id);
      if (fresh && fresh.innerHTML !== this.innerHTML) {
        this.replaceChildren(...fresh.childNodes);
        this.classList.remove('live-fresh');
        requestAnimationFrame(() => this.classList.add('live-fresh'));
      }
    } catch {
      // Offline: the stream comes back by itself, and with it the next change.
    } finally {
      this.#busy = false;
      if (this.#again) {
        this.#again = false;
        void this.#refresh();
      }
    }
  }
}
customElements.define('live-region', LiveRegion);
// A page that was put aside closes its stream: browsers allow six for each server.
addEventListener('pagehide', () => streams.forEach((source) => source.close()));
addEventListener('pageshow', (event) => {
  if (event.persisted && streams.size) location.reload();
});
