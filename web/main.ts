import { App } from './app.js';

const root = document.getElementById('page');
if (root) {
  // What index.html shows until this has been read.
  root.replaceChildren();
  void new App(root).start();
}
