listeners = []


def listen(target, name, function):
    listeners.append(function)
