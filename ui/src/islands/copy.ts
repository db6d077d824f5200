// <copy-button data-copy data-copied>: puts a button beside a code, where the browser lets a page write to the clipboard.
class CopyButton extends HTMLElement {
  connectedCallback(): void {
    const value = this.querySelector('.code__value')?.textContent?.trim();
    if (!value || !navigator.clipboard || this.querySelector('button')) return;
    const button = document.createElement('button');
    button.type = 'button';
    const word = document.createElement('span');
    word.setAttribute('role', 'status');
    word.textContent = this.dataset['copy'] ?? '';
    button.append(word);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(value);
      word.textContent = this.dataset['copied'] ?? '';
      setTimeout(() => (word.textContent = this.dataset['copy'] ?? ''), 2500);
    });
    this.append(button);
  }
}
customElements.define('copy-button', CopyButton);
