"""What is served: a board."""

from desk.boards import Board, WideBoard


def create_app(wide: bool = True):
    kind = WideBoard if wide else Board
    board = kind(["open", "done"])
    return board.build("/board")
