"""The faces of Gazette: the command line and the web chat."""
