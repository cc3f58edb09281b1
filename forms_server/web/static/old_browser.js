// For browsers that know no modules, IE and its modes: they alone load this script, in the language that they know.
(function () {
  var box = document.createElement("div");
  box.className = "alert alert-danger";
  box.setAttribute("role", "alert");
  box.innerHTML = '这个浏览器是 IE，或者在“兼容模式”“IE 模式”里，本系统用不了：请点地址栏右边的图标，换成“极速模式”，或者换一个浏览器。<a href="/browsers">能用哪些浏览器</a>';
  document.body.insertBefore(box, document.body.firstChild);
})();
