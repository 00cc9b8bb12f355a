// Whether the server is there; music that is loaded plays on without it.

import { reactive } from "vue";

const GRACE_MS = 1500; // a blink of the Wi-Fi is no news

export const connection = reactive({ lost: false });

let timer = 0;

/** Follow NiceGUI's socket, which comes to be after the first components. */
export function followConnection() {
  const { socket } = window;
  if (!socket) {
    requestAnimationFrame(followConnection);
    return;
  }
  socket.on("disconnect", () => {
    timer = setTimeout(() => (connection.lost = true), GRACE_MS);
  });
  socket.on("connect", () => {
    clearTimeout(timer);
    connection.lost = false;
  });
}
