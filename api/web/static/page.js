// What saves the page reloading. Without it the same links lead to pages, and the same forms post.

import "./ask.js";
import "./choose.js";
import "./copy.js";
import "./peek.js";
import "./source.js";
import "./swap.js";
