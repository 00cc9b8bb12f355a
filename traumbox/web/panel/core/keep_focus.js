/**
 * A mixin for what changes while it is looked at: when the element that has the focus is removed,
 * the focus goes to `fallback()`. Not to its successor: a second press would hit that.
 */
export const keepFocus = {
  beforeUpdate() {
    this.held = this.$el.contains(document.activeElement) ? document.activeElement : null;
  },
  updated() {
    const isLost = document.activeElement === document.body;
    if (isLost && this.held && !this.held.isConnected) this.fallback().focus();
  },
};

export const mainContent = () => document.getElementById("tb-main");
