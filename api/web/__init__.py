"""The page: rendered here, with a little script in the browser that saves it reloading."""
