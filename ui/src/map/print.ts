// A map on paper: exactly the given middle and zoom, no controls, by day whatever the device likes.
import { Scene, type SceneParts } from './scene';
import { mark } from './mark';
import { tellIdle } from './start';

export async function print(parts: SceneParts): Promise<Scene> {
  const { host, config } = parts;
  const options = { interactive: false, fadeDuration: 0, canvasContextAttributes: { preserveDrawingBuffer: true } };
  const scene = await Scene.make({ ...parts, options });
  tellIdle(host, [scene.map]);
  if (config.feature?.geometry) mark(scene, config.feature.geometry);
  scene.map.on('idle', () => (host.dataset['ready'] = ''));
  // The canvas is hidden from screen readers: what it shows stands in words beside it.
  scene.map.getCanvas().removeAttribute('tabindex');
  addEventListener('beforeprint', () => {
    scene.map.resize();
    scene.map.redraw();
  });
  return scene;
}
