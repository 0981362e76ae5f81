/* what Sphinx and the theme leave without a name or a role for those who hear the page */
addEventListener("DOMContentLoaded", () => {
  for (const toggle of document.querySelectorAll("summary:has(> .toctree-toggle)")) {
    toggle.ariaLabel = "Pages below";
  }
  for (const parameters of document.querySelectorAll(".sig dl")) {
    parameters.role = "list";
    for (const parameter of parameters.children) parameter.role = "listitem";
  }
  const sidebar = document.querySelector(".bd-sidebar-primary");
  sidebar.role = "navigation";
  sidebar.ariaLabel = "Site";
});
