// SPDX-License-Identifier: MIT
// SYNTHETIC TRAINING DATA: a token of a classroom chain (chain id 31337), worth nothing anywhere.
pragma solidity 0.8.30;

/// A coin whose issuer can make, take back and freeze units, as issuers of real stablecoins can.
/// A frozen account can receive but not send; its balance stays in sight.
contract Stablecoin {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Frozen(address indexed account);
    event Released(address indexed account);
    event FrozenFundsDestroyed(address indexed account, uint256 value);

    string public name;
    string public symbol;
    uint8 public immutable decimals;
    address public immutable issuer;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public isFrozen;

    modifier onlyIssuer() {
        require(msg.sender == issuer, "only the issuer");
        _;
    }

    constructor(string memory name_, string memory symbol_, uint8 decimals_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
        issuer = msg.sender;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    /// Moves nothing for anybody who has no allowance - but nothing is what address poisoners want to move.
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 left = allowance[from][msg.sender];
        require(left >= value, "not approved");
        if (left != type(uint256).max && value != 0) allowance[from][msg.sender] = left - value;
        _move(from, to, value);
        return true;
    }

    function issue(address to, uint256 value) external onlyIssuer {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function redeem(uint256 value) external onlyIssuer {
        _burn(msg.sender, value);
    }

    function freeze(address account) external onlyIssuer {
        isFrozen[account] = true;
        emit Frozen(account);
    }

    function release(address account) external onlyIssuer {
        isFrozen[account] = false;
        emit Released(account);
    }

    function destroyFrozenFunds(address account) external onlyIssuer {
        require(isFrozen[account], "not frozen");
        uint256 value = balanceOf[account];
        _burn(account, value);
        emit FrozenFundsDestroyed(account, value);
    }

    function _move(address from, address to, uint256 value) private {
        require(!isFrozen[from], "frozen");
        require(balanceOf[from] >= value, "balance too low");
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }

    function _burn(address from, uint256 value) private {
        require(balanceOf[from] >= value, "balance too low");
        totalSupply -= value;
        balanceOf[from] -= value;
        emit Transfer(from, address(0), value);
    }
}
