"""Forms under Configuración: the builder, and the rules that assign them."""
