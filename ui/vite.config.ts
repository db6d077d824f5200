// Builds ui/dist, which the server embeds: hashed files under /static/assets, a manifest, and compressed twins.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// Compressed once here, so that the server never does it for a request.
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  closeBundle() {
    for (const file of readdirSync('dist', { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || !/\.(m?js|css|json|svg)$/.test(file.name)) continue;
      const path = join(file.parentPath ?? file.path, file.name);
      const bytes = readFileSync(path);
      if (bytes.length < 1024) continue;
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    }
  },
});

export default defineConfig({
  base: '/static/',
  publicDir: false,
  plugins: [precompress()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    manifest: 'manifest.json',
    outDir: 'dist',
    emptyOutDir: true,
    // `data:` fonts and scripts would break the content security policy.
    assetsInlineLimit: 0,
    // MapLibre is one file; pages fetch it only for a map, when that comes into view.
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['src/app.css', 'src/app.ts', 'src/map/map.ts'] },
  },
});
