"""The staff's pages: plain HTML made by the server, behind one door."""
